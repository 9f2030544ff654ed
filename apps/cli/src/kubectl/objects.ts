import { z } from 'zod'

/** What is read of objects of a cluster. Untrusted: who may write to it chose it. */
const objectSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    ownerReferences: z
      .array(z.looseObject({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
      .optional(),
  }),
  spec: z
    .looseObject({ ports: z.array(z.looseObject({ name: z.string().optional(), port: z.int() })).optional() })
    .optional(),
})
const listSchema = z.looseObject({ items: z.array(objectSchema) })

export type ClusterObject = z.output<typeof objectSchema>

/** An object; undefined for anything else. */
export function parseObject(value: unknown): ClusterObject | undefined {
  return objectSchema.safeParse(value).data
}

/** The objects of a list, none for anything else. */
export function parseList(value: unknown): readonly ClusterObject[] {
  return listSchema.safeParse(value).data?.items ?? []
}

/** What controls an object: of a ReplicaSet its Deployment, of a Job its CronJob. */
export function controllerOf({
  metadata,
}: ClusterObject): { readonly kind: string; readonly name: string } | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}

/** A name that an API server would take: it goes into a path. */
export function isObjectName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(text)
}
