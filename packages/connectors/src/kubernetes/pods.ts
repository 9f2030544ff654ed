import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'
import type { WorkloadRef } from './refs.ts'
import { podsPath } from './refs.ts'
import { readWorkload } from './workload.ts'

/** Ends the pods of a workload without a time of grace, only those that are its own. Answers what it did. */
export async function endPods(api: KubernetesApi, ref: WorkloadRef): Promise<string> {
  const workload = await readWorkload(api, ref)
  if (typeof workload === 'string') return workload
  for (const { metadata } of workload.pods) {
    const path = `${podsPath(ref.namespace)}/${metadata.name}`
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      preconditions: { uid: metadata.uid },
    }
    const answer = await api.ask({ method: 'DELETE', path, body })
    // Gone, or another pod of the same name by now.
    if (answer.status !== 'absent' && answer.status !== 'conflict') okOf(answer, `DELETE ${path}`)
  }
  return `${workload.pods.length} pods were ended`
}
