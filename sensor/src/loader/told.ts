/** What the loader says of itself and its machine when it starts (SPEC S3). */
export type Hello = {
  readonly version: string
  readonly kernel: string
  readonly bootId: string
  readonly clockTicks: number
  /** Wall clock less boot clock, in ns. */
  readonly bootToWallNs: bigint
  readonly pageSize: number
  /** Where cgroup v2 is mounted; empty where it is not. */
  readonly cgroupRoot: string
}

/** One kernel program that was tried. */
export type Program = { readonly name: string; readonly attached: boolean; readonly error?: string }

/** Cumulative number of records of one type that were dropped for one cgroup; cgroup 0 where it is not known. */
export type Lost = { readonly cgroup: string; readonly type: number; readonly count: number }

/** The answer to one command; `more` holds what the command adds to it. */
export type CommandResult = {
  readonly id: string
  readonly ok: boolean
  readonly error?: string
  readonly more: Readonly<Record<string, unknown>>
}

export type Told =
  | { readonly told: 'hello'; readonly hello: Hello }
  | { readonly told: 'program'; readonly program: Program }
  | { readonly told: 'ready' }
  | { readonly told: 'lost'; readonly records: readonly Lost[] }
  | { readonly told: 'result'; readonly result: CommandResult }

/** Undefined for what this driver does not know: a later loader may tell more. Throws for text that is not JSON. */
export function parseTold(text: string): Told | undefined {
  const told: unknown = JSON.parse(text)
  if (!isRecord(told)) return undefined
  switch (told['told']) {
    case 'hello':
      return { told: 'hello', hello: helloOf(told) }
    case 'program':
      return { told: 'program', program: programOf(told) }
    case 'ready':
      return { told: 'ready' }
    case 'lost':
      return {
        told: 'lost',
        records: Array.isArray(told['records']) ? told['records'].filter(isRecord).map(lostOf) : [],
      }
    case 'result':
      return { told: 'result', result: resultOf(told) }
  }
  return undefined
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function helloOf(told: Fields): Hello {
  return {
    version: textOf(told['version']),
    kernel: textOf(told['kernel']),
    bootId: textOf(told['bootId']),
    clockTicks: Number(told['clockTicks']),
    bootToWallNs: BigInt(textOf(told['bootToWallNs'])),
    pageSize: Number(told['pageSize']),
    cgroupRoot: textOf(told['cgroupRoot']),
  }
}

function programOf(told: Fields): Program {
  return { name: textOf(told['name']), attached: told['attached'] === true, ...errorOf(told) }
}

function lostOf(told: Fields): Lost {
  return { cgroup: textOf(told['cgroup']), type: Number(told['type']), count: Number(told['count']) }
}

function resultOf(told: Fields): CommandResult {
  const { told: _told, id, ok, error: _error, ...more } = told
  return { id: textOf(id), ok: ok === true, more, ...errorOf(told) }
}

function errorOf(told: Fields): { readonly error?: string } {
  return told['error'] === undefined ? {} : { error: textOf(told['error']) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
