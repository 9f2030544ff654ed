import type { Answer, EvidenceStatusWire } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import { ours, remedyAs } from '../../called-as.ts'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { type Api, openApi } from '../../server/api.ts'
import { resolveExecution } from '../../server/resolve-id.ts'
import type { EvidenceStatusFlags } from './command.ts'

type Artifact = EvidenceStatusWire['artifacts'][number]

/** Prints the checklist of the six artifacts; ends with 0 whatever it holds. */
export async function evidenceStatus(this: CliContext, flags: EvidenceStatusFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const about = await resolveExecution(api, id)
  const status =
    about.kind === 'incident'
      ? await api.call('getIncidentEvidence', { params: { incident: about.id } })
      : await api.call('getEvidence', { params: { conversation: about.id } })
  printList(this, { format, columns, rows: status.artifacts, document: status })
  if (format !== 'table' && format !== 'wide') return
  const paint = paintOf(this)
  const sealed = about.kind === 'incident' ? sealedText(status, await lastSeal(api, about.id), this.program) : ''
  this.stdout.write(`\ncomplete: ${percent(status.completeness)}\n${sealed}${missingText(status, paint, this.program)}`)
  say(this, ours`export it: holdfast evidence export ${shellWord(inert(about.id))} --out bundle.zip`)
}

type Seal = Answer<'getCase'>['seals'][number]

async function lastSeal(api: Api, incident: string): Promise<Seal | undefined> {
  const { seals } = await api.call('getCase', { params: { incident } })
  return seals.at(-1)
}

/** Which artifacts the last seal of the case covers whole, and which have records that are newer. */
function sealedText(
  { artifacts }: Pick<EvidenceStatusWire, 'artifacts'>,
  seal: Seal | undefined,
  program: string | undefined,
): string {
  if (seal === undefined) return ours`sealed: nothing; holdfast evidence seal fixes what is there\n`.as(program)
  const isNewer = ({ lastEntry }: Artifact): boolean => lastEntry !== undefined && lastEntry >= seal.size
  const newer = artifacts.filter(isNewer).map(({ id }) => id)
  const rest = newer.length === 0 ? 'nothing is newer' : `newer than that: ${newer.join(', ')}`
  return `sealed: to entry ${seal.size}, root ${seal.rootHash}; ${rest}\n`
}

const columns: readonly Column<Artifact>[] = [
  { title: 'ID', value: (artifact) => artifact.id },
  { title: 'ARTIFACT', value: (artifact) => artifact.name },
  {
    title: 'STATE',
    value: (artifact) => artifact.state,
    paint: (artifact, text, paint) => paintState(artifact.state, text, paint),
  },
  { title: 'COUNT', value: (artifact) => artifact.count, align: 'right' },
  { title: 'EXPECTED', value: (artifact) => artifact.expected, align: 'right' },
  {
    title: 'COMPLETE',
    value: (artifact) => artifact.completeness,
    show: (artifact) => (artifact.completeness === undefined ? '-' : percent(artifact.completeness)),
    align: 'right',
  },
  { title: 'BYTES', value: (artifact) => artifact.bytes, align: 'right' },
  { title: 'REASON', value: (artifact) => artifact.reason, widest: 100 },
]

function paintState(state: Artifact['state'], text: string, paint: Paint): string {
  switch (state) {
    case 'complete':
      return paint.good(text)
    case 'partial':
      return paint.warn(text)
    case 'missing':
      return paint.bad(text)
    case 'not-expected':
      return paint.dim(text)
  }
}

/** What is missing, once for each artifact and remedy, with the pieces that it would bring. */
function missingText(status: Pick<EvidenceStatusWire, 'artifacts'>, paint: Paint, program: string | undefined): string {
  return status.artifacts
    .flatMap((artifact) => {
      const byRemedy = Map.groupBy(artifact.missing, (item) => item.remedy)
      const groups = [...byRemedy].map(([remedy, items]) => {
        const reasons = [...new Set(items.map((item) => `${item.kind} ${item.state}: ${item.reason}`))]
        const shown = reasons.slice(0, REASONS_SHOWN).map((reason) => `   ${inert(reason)}\n`)
        const rest = reasons.length > shown.length ? `   and ${reasons.length - shown.length} more reasons\n` : ''
        const head = paint.warn(`${artifact.id} ${inert(artifact.name)}: ${items.length} missing`)
        return `\n${head}\n${shown.join('')}${rest}   to capture: ${remedyAs(inert(remedy), program)}\n`
      })
      const hidden = artifact.missingTotal - artifact.missing.length
      return hidden > 0 ? [...groups, `\n${artifact.id}: ${hidden} more missing pieces are not listed\n`] : groups
    })
    .join('')
}

/** Reasons that one remedy lists in the human form; the data form has every piece. */
const REASONS_SHOWN = 4

function percent(share: number): string {
  // Rounded down: 100 % is said of what is whole, and of nothing else.
  return `${Math.floor(share * 1000) / 10} %`
}
