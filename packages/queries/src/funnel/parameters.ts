type ParameterType =
  | 'String'
  | 'Int64'
  | 'UInt64'
  | 'Float64'
  | 'UInt32'
  | 'Array(String)'
  | 'Array(Int64)'
  | 'Array(UInt64)'
  | 'Array(UInt8)';
export type ParameterValue = string | number | bigint | readonly string[] | readonly number[] | readonly bigint[];

/** Collects the values of a query while its text is written; the text only ever holds the placeholder. */
export interface Parameters {
  /** The placeholder `{pN:Type}` of a value. N counts calls, so the same structure gives the same text. */
  bind(value: ParameterValue, type: ParameterType): string;
  /** All values so far, by name. */
  values(): Readonly<Record<string, ParameterValue>>;
}

export function createParameters(): Parameters {
  const values: Record<string, ParameterValue> = {};
  let count = 0;
  return {
    bind(value, type) {
      count += 1;
      values[`p${count}`] = value;
      return `{p${count}:${type}}`;
    },
    values: () => ({ ...values }),
  };
}
