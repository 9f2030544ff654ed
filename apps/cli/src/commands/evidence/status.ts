import type { EvidenceStatusWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import type { Paint } from '../../render/colour.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, paintOf, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import { resolveConversation } from '../../server/resolve-id.ts'
import type { EvidenceStatusFlags } from './command.ts'

type Artifact = EvidenceStatusWire['artifacts'][number]

/** Prints the checklist of the six artifacts; ends with 0 whatever it holds. */
export async function evidenceStatus(this: CliContext, flags: EvidenceStatusFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const conversation = await resolveConversation(api, id)
  const status = await api.call('getEvidence', { params: { conversation: conversation.id } })
  printList(this, { format, columns, rows: status.artifacts, document: status })
  if (format !== 'table' && format !== 'wide') return
  const paint = paintOf(this)
  this.stdout.write(`\ncomplete: ${percent(status.completeness)}\n${missingText(status, paint)}`)
  say(this, `export it: holdfast evidence export ${inert(status.conversation)} --out bundle.zip`)
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

/** Every missing piece with its remedy, and how many more there are. */
function missingText(status: EvidenceStatusWire, paint: Paint): string {
  return status.artifacts
    .flatMap((artifact) => [
      ...artifact.missing.map((item) => {
        const what = `${artifact.id} ${inert(item.kind)} ${inert(item.state)}: ${inert(item.reason)}`
        return `\n${paint.warn(what)}\n   ${inert(item.item)}\n   to capture it: ${inert(item.remedy)}\n`
      }),
      artifact.missingTotal > artifact.missing.length
        ? `\n${artifact.id}: first ${artifact.missing.length} of ${artifact.missingTotal} missing pieces\n`
        : '',
    ])
    .join('')
}

function percent(share: number): string {
  // Rounded down: 100 % is said of what is whole, and of nothing else.
  return `${Math.floor(share * 1000) / 10} %`
}
