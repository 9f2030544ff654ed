/** One row of a labels file: which run, and what it is. */
export type LabelledRun = {
  readonly role: string
  readonly set: string
  readonly archive: string
  readonly member: string
  readonly model: string
  readonly defense: string
  readonly suite: string
  readonly userTask: string
  readonly injectionTask: string
  readonly label: string
  /** What was executed, or the rule that a record is a sample of: a name to count by. */
  readonly technique: string
  /** Actions of the same log that are no part of it, parted by spaces: what is called by these alone is a false call. */
  readonly ordinary: string
}

const NEEDED = ['archive'] as const

/**
 * Reads a labels CSV (RFC 4180) by the names of its first line; columns that are absent read as empty (no `member`: all of an archive; no
 * `label`: benign), and those that are not known
 * are not looked at. Throws an `Error` that names the line where the file is none.
 */
export function parseLabels(text: string): readonly LabelledRun[] {
  const rows = csvRows(text)
  const header = rows[0]?.map((name) => name.trim().replace(/^\ufeff/, '')) ?? []
  for (const name of NEEDED) if (!header.includes(name)) throw new Error(`the labels file has no column "${name}"`)
  return rows.slice(1).flatMap((row, i) => {
    if (row.length === 1 && row[0] === '') return []
    if (row.length !== header.length)
      throw new Error(`line ${i + 2} of the labels file has ${row.length} fields, not ${header.length}`)
    const at = (name: string): string => row[header.indexOf(name)] ?? ''
    return [
      {
        role: at('role'),
        set: at('set'),
        archive: at('archive'),
        member: at('member'),
        model: at('model'),
        defense: at('defense'),
        suite: at('suite'),
        userTask: at('user_task'),
        injectionTask: at('injection_task'),
        label: at('label'),
        technique: at('technique'),
        ordinary: at('ordinary'),
      },
    ]
  })
}

function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at)
      else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === ',') {
      row.push(cell)
      cell = ''
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text.charAt(at + 1) === '\n') at++
      row.push(cell)
      rows.push(row)
      row = []
      cell = ''
    } else cell += char
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell])
  return rows
}
