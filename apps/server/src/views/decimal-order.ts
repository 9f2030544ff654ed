/** True where the first of two numbers is the smaller one. Both are decimal texts as `bigint` writes them, which need no reading. */
export function isLess(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length
}
