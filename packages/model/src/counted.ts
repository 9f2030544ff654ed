/** `1 day`, `3 days`: a count with its noun, as a person reads it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
