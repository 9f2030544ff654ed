import { ours } from '../../../called-as.ts'
import type { Answer } from '@holdfast/api'
import { shellWord, type PolicyArtifact, type PolicyMode } from '@holdfast/model'
import { CliError } from '../../../cli-error.ts'
import { inert } from '../../../render/inert.ts'
import { isNotFound, type Api } from '../../../server/api.ts'

/** How an artifact stands on the server; `unknown` where that has no record of it. */
type State = Answer<'listPolicies'>['items'][number]['artifacts'][number]['state'] | 'unknown'

/**
 * What is to be said of an artifact before a run is under it; undefined where rollout enforces it already, or is not asked for.
 * Throws {@link CliError} where it is to be enforced and stops nothing any more: who asked for that must not be told afterwards.
 */
export async function standingNote(
  artifact: PolicyArtifact,
  mode: PolicyMode,
  { api, now }: { readonly api: Api; readonly now: number },
): Promise<string | undefined> {
  const what = `the ${artifact.kind} policy ${artifact.id.slice(0, 12)}`
  const spent = spentWords(await stateOf(artifact, { api, now }), artifact)
  if (typeof spent !== 'string')
    return mode === 'monitor' || spent.note === undefined ? undefined : `${what} ${spent.note}`
  if (mode === 'monitor') return `${what} ${spent}: it would not be enforced`
  throw new CliError('conflict', `${what} ${spent}: it is not enforced`, {
    remedy: ours`holdfast policy generate ${shellWord(inert(artifact.agent))}, or --mode monitor`,
  })
}

async function stateOf(
  { id, agent, validUntil }: PolicyArtifact,
  { api, now }: { readonly api: Api; readonly now: number },
): Promise<State> {
  try {
    const { items } = await api.call('listPolicies', { query: { agent, artifact: id } })
    const row = items.flatMap(({ artifacts }) => artifacts).find((one) => one.id === id)
    // A mark says more than a date; of what the server does not know the date is all there is.
    if (row?.state === 'contaminated' || Date.parse(validUntil) > now) return row?.state ?? 'unknown'
  } catch (fault) {
    // An artifact of another server's agent.
    if (!isNotFound(fault)) throw fault
    if (Date.parse(validUntil) > now) return 'unknown'
  }
  return 'expired'
}

/** Why it stops nothing any more, or what else is to be known of it. */
function spentWords(state: State, { validUntil }: PolicyArtifact): string | { readonly note?: string } {
  switch (state) {
    case 'contaminated':
      return 'was pulled back: an incident tainted what it rests on'
    case 'expired':
      return `held until ${validUntil}`
    case 'monitor':
      return { note: 'is only watched by its rollout: this run enforces it by your word' }
    case 'proposed':
      return { note: 'was never rolled out: this run enforces it by your word' }
    case 'replaced':
      return { note: 'was made anew since, and no rollout has it: this run enforces the older one by your word' }
    case 'unknown':
      return { note: 'is unknown to this server: whether it was pulled back cannot be told' }
    case 'enforce':
      return {}
  }
}
