import { counted } from '@holdfast/model'
import type { Answer, PolicyArtifactWire } from '@holdfast/api'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { GenerateFlags } from './command.ts'

type Generated = Answer<'generatePolicies'>

/** Derives the policies of an agent; ends with 1 where no layer has one. */
export async function policyGenerate(this: CliContext, flags: GenerateFlags, name: string): Promise<void> {
  const { kind, at, out, reason } = flags
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const { id } = await resolveAgent(api, name)
  const body = {
    ...(kind === undefined ? {} : { kinds: [...kind] }),
    ...(at === undefined ? {} : { at }),
    ...(reason === undefined ? {} : { reason }),
  }
  const generated = await api.call('generatePolicies', { params: { agent: id }, body })
  if (out !== undefined && generated.artifacts.length > 0) {
    const artifacts = generated.artifacts.map((one) => one.id)
    const { files } = await api.call('exportPolicies', { params: { agent: id }, body: { artifacts } })
    for (const file of files) say(this, `wrote ${inert(writeInto(out, file))}`)
  }
  if (format !== 'table' && format !== 'wide')
    printList(this, { format, columns: COLUMNS, rows: generated.artifacts, document: generated })
  else {
    const { profile } = generated
    this.stdout.write(
      `${inert(id)}  profile ${profile.digest.slice(0, 12)}  ${profile.status}, ${counted(profile.days, 'day')}\n\n`,
    )
    if (generated.artifacts.length > 0) printList(this, { format, columns: COLUMNS, rows: generated.artifacts })
    this.stdout.write(refusalsText(generated, paintOf(this).warn))
  }
  if (generated.artifacts.length === 0) this.exit('check-failed')
}

/** What stands against every layer is said once. */
function refusalsText({ refusals }: Generated, warn: (text: string) => string): string {
  if (refusals.length === 0) return ''
  const groups = Map.groupBy(refusals, ({ code, reason }) => `${code} ${reason}`)
  const lines = [...groups.values()].flatMap((some) =>
    some.slice(0, 1).map(({ code, reason, missing }) => {
      const needs = missing.length === 0 ? '' : `; missing: ${missing.map(inert).join(', ')}`
      return `  ${some.map(({ kind }) => kind).join(', ')}: ${inert(reason)} (${code})${needs}\n`
    }),
  )
  return `\n${warn(`Without a policy (${refusals.length})`)}\n${lines.join('')}`
}

/** The server names the files; none of them may leave the folder. */
function writeInto(folder: string, { path, text }: { readonly path: string; readonly text: string }): string {
  const file = resolve(folder, path)
  const inside = relative(resolve(folder), file)
  if (inside.startsWith('..') || inside === '')
    throw new CliError('fault', `a file of the server is called ${inert(path)}`)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && (fault.code === 'EEXIST' || fault.code === 'ENOTDIR'))
      throw new CliError('conflict', `${dirname(file)} is a file`, { remedy: 'name a folder with --out' })
    const why = fault instanceof Error ? fault.message : String(fault)
    throw new CliError('unavailable', `cannot write ${file}: ${why}`, { cause: fault })
  }
  return join(folder, inside)
}

const COLUMNS: readonly Column<PolicyArtifactWire>[] = [
  { title: 'LAYER', value: ({ kind }) => kind },
  { title: 'ID', value: ({ id }) => id.slice(0, 12) },
  { title: 'LINES', value: ({ lines }) => lines.length, align: 'right' },
  { title: 'ALLOWS', value: ({ lines }) => lines.filter(({ effect }) => effect === 'allow').length, align: 'right' },
  { title: 'VALID UNTIL (UTC)', value: ({ validUntil }) => validUntil },
  {
    title: 'EFFECT',
    value: ({ effective }) => `${effective.narrows ? 'narrows' : 'narrows nothing'}: ${effective.reason}`,
    widest: 80,
  },
  { title: 'BLIND SPOTS', value: ({ blindSpots }) => blindSpots.length, align: 'right' },
]
