import { z } from 'zod';

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.unwrap());
  }
  return schema;
}

/** The names that an object at a path of a schema may have; none where the schema has no object. */
export function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path;
  const here = unwrap(schema);
  if (here instanceof z.ZodUnion) return here.options.flatMap((option) => namesAt(option, path));
  if (first === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  if (here instanceof z.ZodArray) return namesAt(here.element, rest);
  if (!(here instanceof z.ZodObject)) return [];
  const member: z.core.$ZodType | undefined = Object.hasOwn(here.shape, first) ? here.shape[String(first)] : undefined;
  return member === undefined ? [] : namesAt(member, rest);
}
