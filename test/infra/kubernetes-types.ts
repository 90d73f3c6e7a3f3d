import { watch } from './watched.ts';

/** A manifest as far as every kind has it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
}

/** A class of `kubernetes-models`; its `validate` throws what its compiled JSON schema finds wrong with `this`. */
interface ModelClass {
  prototype: { validate(this: object): void };
}

const packages: readonly [RegExp, string][] = [
  [/^keda\.sh\//, '@kubernetes-models/keda/'],
  [/^monitoring\.coreos\.com\//, '@kubernetes-models/prometheus-operator/'],
  [/^/, 'kubernetes-models/'],
];

async function modelOf({ apiVersion, kind }: Manifest): Promise<ModelClass> {
  const [, prefix] = packages.find(([pattern]) => pattern.test(apiVersion)) ?? [];
  const module = (await import(`${prefix}${apiVersion}/${kind}`)) as Record<string, ModelClass>;
  const model = module[kind];
  if (model === undefined) throw new Error(`${apiVersion} ${kind} is not known`);
  return model;
}

/** What is wrong with a manifest by the schema of its kind: wrong and missing values, and fields that the kind doesn't have. */
export async function faultsOf(manifest: Manifest): Promise<string[]> {
  const { prototype } = await modelOf(manifest);
  const { data, unread } = watch(manifest);
  try {
    prototype.validate.call(data);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return unread().map((pointer) => `${pointer} is not a field of ${manifest.kind}`);
}
