import { z } from 'zod'

import type { KubernetesApi } from './api.ts'
import { okOf } from './api.ts'

/** One thing that we must be allowed to do. */
export type Right = {
  readonly verb: 'get' | 'list' | 'patch' | 'delete' | 'create'
  readonly group: '' | 'apps' | 'batch' | 'networking.k8s.io' | 'policy.networking.k8s.io'
  readonly resource: string
  readonly namespace?: string
}

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const reviewSchema = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) })

/** What we may not do, in words, as the API server itself says; empty where we may do it all. */
export async function missingRights(api: KubernetesApi, rights: readonly Right[]): Promise<readonly string[]> {
  const missing = await Promise.all(
    rights.map(async ({ verb, group, resource, namespace }) => {
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb, group, resource, ...(namespace === undefined ? {} : { namespace }) } },
      }
      const answer = okOf(await api.ask({ method: 'POST', path: PATH, body }), 'what we may do')
      const review = reviewSchema.safeParse(answer)
      const where = namespace === undefined ? '' : ` in ${namespace}`
      return review.success && review.data.status.allowed ? [] : [`${verb} ${resource}${where}`]
    }),
  )
  return missing.flat()
}
