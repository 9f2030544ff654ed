import { randomUUID } from 'node:crypto'
import type { AnnotationWire } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, say } from '../../render/output.ts'
import { openApi } from '../../server/api.ts'
import { resolveIncident } from '../../server/resolve-id.ts'
import type { IncidentsNoteFlags } from './note-commands.ts'

/** Writes a note or a pin beside an incident, or takes one out of sight. */
export async function incidentsNote(
  this: CliContext,
  flags: IncidentsNoteFlags,
  id: string,
  text: string | undefined,
): Promise<void> {
  const { pin, event, remove } = flags
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const incident = await resolveIncident(api, id)
  if (remove !== undefined) {
    if (text !== undefined || pin || event !== undefined)
      throw new CliError('usage', '--remove takes a note out of sight: it goes with no text, --pin or --event')
    const removed = await api.call('removeAnnotation', { params: { annotation: remove } })
    if (format === 'table') say(this, `removed: log entry ${removed.entry}`)
    else printDocument(this, format, removed)
    return
  }
  if (text === undefined || text.trim() === '') throw new CliError('usage', 'say what to write down')
  const kept = await api.call('putAnnotation', {
    params: { annotation: randomUUID() },
    body: {
      type: pin ? 'pin' : 'note',
      subject: { kind: 'incident', id: incident },
      ...(event === undefined ? {} : { place: { event } }),
      text,
      edit: 1,
    },
  })
  if (format === 'table') this.stdout.write(`${kept.id}  ${kept.type}  ${inert(kept.text)}\n`)
  else printDocument(this, format, readable(kept))
}

/** Times as every output of the command line states them. */
function readable({ at, editedAt, ...rest }: AnnotationWire): unknown {
  // Both were written from a UnixNano.
  return { ...rest, at: formatRfc3339(BigInt(at) as UnixNano), editedAt: formatRfc3339(BigInt(editedAt) as UnixNano) }
}
