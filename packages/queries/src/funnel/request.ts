import { z } from 'zod';
import { checkBreakdown, checkExclusions, checkRange, checkSteps } from './request-checks.ts';
import { requestShape } from './request-shape.ts';

/**
 * Body of `POST /v1/funnels/query`. Strict: an unknown key is an error. The meaning of every member stands in
 * `docs/funnels.md`. `asOf: null` means now, which the caller of `runFunnel` names.
 */
export const funnelRequest = z.strictObject(requestShape).superRefine((request, issues) => {
  checkSteps(request, issues);
  checkExclusions(request, issues);
  checkBreakdown(request, issues);
  checkRange(request, issues);
});
export type FunnelRequest = z.output<typeof funnelRequest>;
export type FunnelRequestInput = z.input<typeof funnelRequest>;

const stepNumber = z.int().min(1);

/** Body of `POST /v1/funnels/time-to-convert`: a funnel and the two steps to measure between. No trend. */
export const timeToConvertRequest = z
  .strictObject({
    ...requestShape,
    fromStep: stepNumber,
    toStep: stepNumber,
    bins: z.int().min(1).max(500).optional(),
    segment: z.string().optional(),
  })
  .superRefine((request, issues) => {
    checkSteps(request, issues);
    checkExclusions(request, issues);
    checkBreakdown(request, issues);
    checkRange(request, issues);
    const fail = (key: string, message: string) => issues.addIssue({ code: 'custom', path: [key], message });
    if (request.fromStep >= request.toStep) fail('fromStep', 'must be a smaller step than toStep');
    if (request.toStep > request.steps.length) fail('toStep', `there are only ${request.steps.length} steps`);
    if (request.trend !== null) fail('trend', 'is not taken here: ask for one range at a time');
    if (request.segment !== undefined && request.breakdown === null) fail('segment', 'needs a breakdown');
  });
export type TimeToConvertRequest = z.output<typeof timeToConvertRequest>;

/** Body of `POST /v1/funnels/customers`: a funnel, and which of its numbers to open up. */
export const funnelCustomersRequest = z
  .strictObject({
    ...requestShape,
    step: stepNumber,
    outcome: z.enum(['converted', 'dropped', 'open']).default('converted'),
    segment: z.string().optional(),
    bucket: requestShape.from.optional(),
    limit: z.int().min(1).max(1000).default(100),
    cursor: z.string().max(8192).nullable().default(null),
  })
  .superRefine((request, issues) => {
    checkSteps(request, issues);
    checkExclusions(request, issues);
    checkBreakdown(request, issues);
    checkRange(request, issues);
    const fail = (key: string, message: string) => issues.addIssue({ code: 'custom', path: [key], message });
    if (request.step > request.steps.length) fail('step', `there are only ${request.steps.length} steps`);
    if ((request.segment === undefined) !== (request.breakdown === null)) {
      fail('segment', request.breakdown === null ? 'needs a breakdown' : 'is needed with a breakdown');
    }
    if ((request.bucket === undefined) !== (request.trend === null)) {
      fail('bucket', request.trend === null ? 'needs a trend' : 'is needed with a trend');
    }
  });
export type FunnelCustomersRequest = z.output<typeof funnelCustomersRequest>;
