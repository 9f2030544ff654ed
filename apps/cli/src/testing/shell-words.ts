/**
 * The words of a line that a person would type, up to a pipe or a redirection: quotes as a shell has them, `$`, globs and `~` as
 * they stand. Throws on a quote that does not end.
 */
export function shellWords(line: string): readonly string[] {
  const words: string[] = []
  for (const [token, single, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)|\s+/g)) {
    if (plain !== undefined && /^[|>]/.test(plain)) break
    if (/^\s/.test(token)) words.push('')
    else words.push((words.pop() ?? '') + (single ?? double ?? plain ?? ''))
  }
  const rest = line.replaceAll(/'[^']*'|"[^"]*"/g, '')
  if (/['"]/.test(rest)) throw new SyntaxError(`a quote does not end: ${line}`)
  return words.filter((word) => word !== '')
}
