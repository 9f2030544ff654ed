/** Null prototype, because stricli looks a typed word up with `in`: `--constructor` is nobody's flag. */
export function bare<T extends object>(entries: T): T {
  return Object.assign(Object.create(null) as T, entries)
}

export type DataFlags = { readonly data?: string }
/** Where the server is found (server/find-server.ts). */
export const dataFlag = {
  data: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: 'Data folder of the server to ask (default: HOLDFAST_URL, else the nearest .holdfast)',
    placeholder: 'DIR',
  },
} as const

/** Why something is done; what is decided stands in the log with it. */
export const reasonFlag = {
  kind: 'parsed',
  parse: String,
  brief: 'Why; it is recorded',
  placeholder: 'TEXT',
} as const

/** Without it what cannot be undone, or reaches beyond the log, is not done. */
export const yesFlag = {
  kind: 'boolean',
  default: false,
  withNegated: false,
  brief: 'Do it: without this nothing is done',
} as const

/** What a verifier trusts. */
export const keyFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'Public key of the log, or a file with it, that you have from elsewhere',
  placeholder: 'VKEY',
} as const

export type OutputFlags<F extends string> = {
  readonly output?: F
  readonly json: boolean
  readonly noInput: boolean
}

/** Promised to scripts: with it nothing ever asks, also on a terminal, and nothing waits for an answer. */
export const noInputFlag = {
  noInput: { kind: 'boolean', default: false, withNegated: false, brief: 'Never ask a question' },
} as const

/** `-o` with the formats that a command has, and `--json`. */
export function outputFlags<const F extends string>(formats: readonly F[], form = 'the data form of docs/cli.md') {
  return {
    output: { kind: 'enum', values: formats, optional: true, brief: 'Output format' },
    json: { kind: 'boolean', default: false, withNegated: false, brief: `Same as -o json: ${form}` },
    ...noInputFlag,
  } as const
}

/** A port; 0 picks a free one. */
export function parsePort(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535) throw new SyntaxError('a port is a number from 0 to 65535')
  return Number(text)
}

/** A count of at least one. */
export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new SyntaxError('a count is a number from 1 to 9999999')
  return Number(text)
}
