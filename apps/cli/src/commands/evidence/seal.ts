import type { CliContext } from '../../context.ts'
import { formatOf, printDocument } from '../../render/output.ts'
import { type Api, openApi } from '../../server/api.ts'
import { resolveExecution } from '../../server/resolve-id.ts'
import type { EvidenceSealFlags } from './command.ts'

/** What `evidence seal --json` prints. */
type Sealed = {
  readonly conversation?: string
  readonly incident?: string
  /** Entries of the log that it fixes. */
  readonly size: number
  readonly rootHash: string
  readonly completeness: number
}

/** Fixes what is in the log of an incident or a conversation. */
export async function evidenceSeal(this: CliContext, flags: EvidenceSealFlags, id: string): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  const about = await resolveExecution(api, id)
  const sealed = about.kind === 'incident' ? await sealCase(api, about.id) : await sealConversation(api, about.id)
  if (format !== 'table') return printDocument(this, format, sealed)
  const percent = Math.floor(sealed.completeness * 100)
  this.stdout.write(`sealed to entry ${sealed.size}, root ${sealed.rootHash}; complete to ${percent} %\n`)
}

async function sealCase(api: Api, incident: string): Promise<Sealed> {
  const { opened } = await api.call('getCase', { params: { incident } })
  // Whoever opens a case seals what there is: the first seal needs no other step before it.
  const { seals } = await api.call('stepCase', {
    params: { incident },
    body: { do: opened === undefined ? 'open' : 'seal' },
  })
  const { size = 0, rootHash = '', completeness = 0 } = seals.at(-1) ?? {}
  return { incident, size, rootHash, completeness }
}

async function sealConversation(api: Api, conversation: string): Promise<Sealed> {
  const { completeness } = await api.call('getEvidence', { params: { conversation } })
  const { size, rootHash } = await api.call('makeCheckpoint', {})
  return { conversation, size, rootHash, completeness }
}
