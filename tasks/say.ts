/** A line of talk of a task, to standard error: standard output belongs to what the task prints. */
export function say(line: string): void {
  process.stderr.write(`holdfast: ${line}\n`)
}

/** Repository root. */
export const ROOT = new URL('..', import.meta.url)
