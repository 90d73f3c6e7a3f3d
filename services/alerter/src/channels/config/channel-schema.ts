import { z } from 'zod';
import { parseNetwork } from '../http/ip-address.ts';
import { secretReference } from './secret-reference.ts';

const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be up to 63 lower-case letters, digits and hyphens, and not begin with a hyphen',
  );

/** An address that isn't a secret: without a user, and without a query, which mostly holds a token. */
const url = z.string().transform((text, context): URL => {
  const fault = urlFault(text);
  if (fault === null) return new URL(text);
  context.issues.push({ code: 'custom', message: fault, input: text });
  return z.NEVER;
});

/** What is wrong with the address of a receiver, or null. */
export function urlFault(text: string): string | null {
  if (!URL.canParse(text)) return 'must be an address such as https://example.com/hook';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  if (username !== '' || password !== '') return 'must hold no user and no password';
  return hash === '' ? null : 'must have no #fragment';
}

const network = z
  .string()
  .refine((text) => parseNetwork(text) !== null, 'must be an address or a network such as 10.1.0.0/16');

const everyChannel = {
  name,
  /** Names of alerts; all of them if it isn't given. */
  alerts: z.array(z.string().min(1)).min(1).optional(),
  /** Ids of journeys; all of them if it isn't given. */
  journeys: z.array(z.string().min(1)).min(1).optional(),
};

const overHttp = {
  /** Networks that aren't public and may be sent to all the same. */
  allowAddresses: z.array(network).default([]),
  /** Certificates to trust instead of the system's, a PEM file. */
  caFile: z.string().min(1).optional(),
  connectTimeoutMs: z.int().min(1).max(60_000).default(5000),
  /** Of the whole attempt. */
  timeoutMs: z.int().min(1).max(120_000).default(20_000),
};

const locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a language tag such as en or ja')
  .default('en');

export const webhookSchema = z.strictObject({
  type: z.literal('webhook'),
  ...everyChannel,
  url: url.optional(),
  urlFrom: secretReference.optional(),
  secretFrom: secretReference,
  /** The secret before, while receivers change over: everything is signed with both. */
  previousSecretFrom: secretReference.optional(),
  ...overHttp,
  /** Without TLS everybody on the way reads along; the signature only keeps them from changing it. */
  allowHttp: z.boolean().default(false),
});

export const slackSchema = z.strictObject({
  type: z.literal('slack'),
  ...everyChannel,
  urlFrom: secretReference,
  locale,
  ...overHttp,
  allowHttp: z.boolean().default(false),
});

/** An Alertmanager stands beside the alerter, so private addresses are allowed unless it is said otherwise. */
const besideUs = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

export const alertmanagerSchema = z.strictObject({
  type: z.literal('alertmanager'),
  ...everyChannel,
  /** Every peer of the cluster; a load balancer in front of them would give each alert to one alone. */
  peers: z.array(url).min(1).max(16),
  /** A bearer token. */
  tokenFrom: secretReference.optional(),
  locale,
  ...overHttp,
  allowAddresses: z.array(network).default(besideUs),
  resendMs: z.int().min(1000).max(3_600_000).default(60_000),
});

export const signalsSchema = z.strictObject({ type: z.literal('signals'), ...everyChannel });

const schemas = [webhookSchema, slackSchema, alertmanagerSchema, signalsSchema] as const;

/** The kinds of channels, and what each of them is told. */
export const channelSchema = z.discriminatedUnion('type', schemas);

export type ChannelConfig = z.output<typeof channelSchema>;

/** The file of channels. */
export const channelsSchema = z.strictObject({ channels: z.array(channelSchema).max(100) });

/** Names that may stand in a channel of a type; of an unknown type those of all. */
export function knownKeys(type: unknown): string[] {
  const known = schemas.filter(({ shape }) => shape.type.value === type);
  return [...new Set((known.length === 0 ? schemas : known).flatMap(({ shape }) => Object.keys(shape)))];
}

export const channelTypes: readonly string[] = schemas.map(({ shape }) => shape.type.value);
