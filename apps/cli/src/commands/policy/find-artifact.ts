import { counted } from '@holdfast/model'
import type { Client } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'

/** The whole id of a policy that was named by its first digits. */
export async function findArtifact(api: Client, given: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(given)) return given
  if (!/^[0-9a-f]{4,}$/.test(given)) throw new CliError('usage', 'a policy is named by at least four digits of its id')
  const { items } = await api.call('listPolicies', { query: {} })
  const found = new Set(
    items.flatMap(({ artifacts }) => artifacts.map(({ id }) => id)).filter((id) => id.startsWith(given)),
  )
  const [id, ...others] = found
  if (id === undefined) throw new CliError('not-found', `no policy begins with ${given}`)
  if (others.length > 0)
    throw new CliError('usage', `${counted(found.size, 'policy', 'policies')} begin with ${given}: give more digits`)
  return id
}
