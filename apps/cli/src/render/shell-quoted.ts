/** One word of a shell command that is printed for a reader to run: quoted where a shell would take it apart. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
