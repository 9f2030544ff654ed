/** Bytes `[from, to)` of a body that hold the value of a field somebody asked for. */
export type FieldRange = {
  readonly from: number
  readonly to: number
  /** As it was asked for, not as the sender spelt it. */
  readonly field: string
  /** A whole JSON value rather than the inside of a string: what takes its place needs quotes of its own. */
  readonly isQuoted?: true
}

/** The field that a name belongs to, as it was asked for; undefined for a name that nobody asked for. */
export type FieldNamed = (name: string) => string | undefined

/** Longest name that is compared; no field may be asked for by a longer one. */
export const MAX_FIELD_CHARACTERS = 256

/** Names as they are; one that ends in `*` stands for all that begin like it. */
export function fieldNames(fields: readonly string[]): FieldNamed {
  const exact = new Set(fields.filter((field) => !field.endsWith('*')))
  const beginnings = fields.filter((field) => field.endsWith('*'))
  return (name) => (exact.has(name) ? name : beginnings.find((field) => name.startsWith(field.slice(0, -1))))
}
