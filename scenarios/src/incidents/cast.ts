import { hash, randomBytes } from 'node:crypto'
import type { Cast } from './scenario.ts'
import type { IncidentScenarioName } from './names.ts'

/** Names for a run; `run` is drawn where it is not given. */
export function castOf(name: IncidentScenarioName, run: string = randomBytes(3).toString('hex')): Cast {
  const digits = BigInt(`0x${hash('sha256', `${name} ${run}`).slice(0, 12)}`) % 10n ** 12n
  return { cluster: `${name}-${run}`, account: digits.toString().padStart(12, '0'), run }
}
