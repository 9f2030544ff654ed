import { expectedOf } from '../incidents/expected.ts'
import type { IncidentScenario } from '../incidents/scenario.ts'

/**
 * Why an incident of this scenario can be worked to its end only on a server of the run's own; undefined where any with a sensor
 * will do. Its account and its cluster are made for the run, and a server speaks to no system but those that its connectors.yaml
 * names: whoever starts it decides that, and no run may.
 */
export function needsOwnServer({
  name,
  roles = [],
  workloads = [],
  misread,
}: Pick<IncidentScenario, 'name' | 'roles' | 'workloads' | 'misread'>): string | undefined {
  if (workloads.length > 0)
    return 'its agents are workloads of a cluster that the run brings, and hours have to pass by the clock of the server'
  const types = [expectedOf(name).type, misread]
  return roles.length > 0 && types.includes('privilege-boundary-escape')
    ? 'its credential is frozen and its grant suspended in a cloud account that the run brings'
    : undefined
}
