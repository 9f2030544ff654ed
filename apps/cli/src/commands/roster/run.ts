import { counted } from '@holdfast/model'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Body, RosterWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { NOTE_BYTES } from '../../limits.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { readInput } from '../read-input.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { AddFlags, ExportFlags, ImportFlags, PinFlags, ReasonFlags, ShowFlags } from './command.ts'

/** Prints the roster. */
export async function rosterShow(this: CliContext, flags: ShowFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const roster = await openApi(this, flags).call('getRoster')
  printList(this, { format, columns, rows: roster.agents, document: roster })
  if (format !== 'table' && format !== 'wide') return
  say(this, roster.kept ? `the roster is ${roster.mode}` : 'no roster is kept: no agent is held against one')
  for (const { agent, server, tools, decided } of roster.tools)
    say(
      this,
      `approved for ${inert(agent)}: ${counted(tools.length, 'tool')} of ${inert(server)}: log entry ${decided.entry}`,
    )
  if (roster.dataRules !== undefined) {
    const { rules, decided } = roster.dataRules
    const [classes, hosts] = [rules.classes.length, rules.endpoints.length]
    say(
      this,
      `rules about ${classes} classes of data and ${counted(hosts, 'host')} of models: log entry ${decided.entry}`,
    )
  }
  for (const { agent, outcome, reasons, at, entry } of roster.notAdmitted)
    say(this, `${at} ${inert(agent)} was ${outcome}: ${inert(reasons.join('; '))} (log entry ${entry})`)
}

/** Registers an agent. */
export async function rosterAdd(this: CliContext, flags: AddFlags, agent: string): Promise<void> {
  const { owner, version, peers = [], class: named, dataClasses = [], reason } = flags
  if ((flags.key === undefined) === (flags.newKey === undefined))
    throw new CliError('usage', 'name its key with --key, or make one with --new-key FILE')
  const key = flags.newKey === undefined ? publicKeyIn(this.cwd, flags.key ?? '') : newKey(this, flags.newKey)
  const entry = { agent, owner, version, key, peers: [...peers], class: named, dataClasses: [...dataClasses] }
  await decide(this, flags, { decision: { do: 'add', entry }, reason })
  if (flags.newKey !== undefined)
    say(this, `its key is in ${inert(flags.newKey)}: start it with --agent-key, or HOLDFAST_AGENT_KEY, naming the file`)
}

/** Moves the version that may run. */
export async function rosterPin(this: CliContext, flags: PinFlags, agent: string): Promise<void> {
  await decide(this, flags, { decision: { do: 'pin', agent, version: flags.version }, reason: flags.reason })
}

/** Retires an agent. */
export async function rosterRetire(this: CliContext, flags: ReasonFlags, agent: string): Promise<void> {
  await decide(this, flags, { decision: { do: 'retire', agent }, reason: flags.reason })
}

/** Refuses what is not admitted, from now on. */
export async function rosterClose(this: CliContext, flags: ReasonFlags): Promise<void> {
  await decide(this, flags, { decision: { do: 'mode', mode: 'closed' }, reason: flags.reason })
}

/** Reports what is not admitted, from now on. */
export async function rosterOpen(this: CliContext, flags: ReasonFlags): Promise<void> {
  await decide(this, flags, { decision: { do: 'mode', mode: 'open' }, reason: flags.reason })
}

/** Writes the signed document. */
export async function rosterExport(this: CliContext, flags: ExportFlags): Promise<void> {
  const { document, key } = await openApi(this, flags).call('getRoster')
  if (flags.out === undefined) {
    this.stdout.write(document)
    return
  }
  writeFileSync(resolve(this.cwd, flags.out), document)
  say(this, `written to ${inert(flags.out)}; signed by ${inert(key)}`)
}

/** Takes over a signed document. */
export async function rosterImport(this: CliContext, flags: ImportFlags, file: string): Promise<void> {
  const { key = '' } = readVerifierKey(this.cwd, flags.key)
  const { text: document } = await readInput(this, file, NOTE_BYTES)
  const body = { document, key, reason: flags.reason }
  const format = formatOf(flags, 'table')
  const taken = await openApi(this, flags).call('importRoster', { body })
  if (format !== 'table') return printDocument(this, format, taken)
  const { agents, tools, entry } = taken
  say(this, `taken over: ${counted(agents, 'agent')} and ${counted(tools, 'approval')}, the last as log entry ${entry}`)
}

/** A file's text, or `not-found`. */
function readText(cwd: string, file: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (cause) {
    throw new CliError('not-found', `no file ${inert(file)} that can be read`, { cause })
  }
}

/** Records a decision and says where. */
export async function decide(context: CliContext, flags: ReasonFlags, body: Body<'decideRoster'>): Promise<void> {
  const format = formatOf(flags, 'table')
  const recorded = await openApi(context, flags).call('decideRoster', { body })
  if (format === 'table') say(context, `recorded as log entry ${recorded.entry}, and in effect`)
  else printDocument(context, format, recorded)
}

/** The 32 bytes in base64, of themselves or of a PEM file. */
function publicKeyIn(cwd: string, text: string): string {
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return text
  try {
    return rawKey(createPublicKey(readText(cwd, text)))
  } catch (fault) {
    if (fault instanceof CliError) throw fault
    throw new CliError('usage', `${inert(text)} holds no Ed25519 key in PEM`, { cause: fault })
  }
}

/** Makes a key pair; the private half is only in the file. */
function newKey({ cwd, isDryRun = false }: CliContext, file: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  if (isDryRun) return rawKey(publicKey)
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  try {
    // A key that is there already is somebody's.
    writeFileSync(resolve(cwd, file), pem, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new CliError('conflict', `${inert(file)} cannot be written, or is there already`, { cause })
  }
  return rawKey(publicKey)
}

function rawKey(key: KeyObject): string {
  if (key.asymmetricKeyType !== 'ed25519') throw new CliError('usage', 'the key is not an Ed25519 key')
  return key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
}

const columns: readonly Column<RosterWire['agents'][number]>[] = [
  { title: 'AGENT', value: (row) => row.agent },
  { title: 'STATE', value: (row) => row.state },
  { title: 'VERSION', value: (row) => row.version },
  { title: 'OWNER', value: (row) => row.owner },
  { title: 'CLASS', value: (row) => row.class },
  { title: 'PEERS', value: (row) => row.peers.join(' ') },
  { title: 'DATA', value: (row) => row.dataClasses.join(' ') },
  { title: 'BY', value: (row) => row.decided.by },
  { title: 'SINCE (UTC)', value: (row) => row.decided.at },
  { title: 'ENTRY', value: (row) => row.decided.entry, align: 'right' },
  { title: 'KEY', value: (row) => row.key, isWide: true },
  { title: 'REASON', value: (row) => row.decided.reason, isWide: true },
]
