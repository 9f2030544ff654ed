/**
 * One word of a POSIX shell, whatever the text holds: names that senders chose stand in commands that people copy and run.
 * Quoted where a shell would take it apart. It makes nothing fit for a terminal: who prints it marks control characters first.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
