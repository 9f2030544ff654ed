import { z } from 'zod'

const labels = z.record(z.string().max(317), z.string().max(63))
const port = z.strictObject({ port: z.int().min(1).max(65_535), protocol: z.enum(['TCP', 'UDP']) })

const allowedSchema = z
  .strictObject({
    cidr: z.union([z.cidrv4(), z.cidrv6()]).optional(),
    'namespace-labels': labels.optional(),
    'pod-labels': labels.optional(),
    ports: z.array(port).min(1).max(16),
  })
  .refine(
    (one) => (one.cidr === undefined) !== (one['namespace-labels'] === undefined && one['pod-labels'] === undefined),
    'either cidr, or namespace-labels and pod-labels: without one of them it would allow everything',
  )

/** A cluster, as `connectors.yaml` configures it. */
export const kubernetesConfigSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes'),
    /** As agents and sensors name the cluster: an agent of another one, or of none, is nothing of ours. */
    cluster: z.string().min(1).max(256),
    kubeconfig: z.string().min(1).optional(),
    context: z.string().min(1).optional(),
    'in-cluster': z.literal(true).optional(),
    namespaces: z
      .array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/))
      .max(200)
      .optional(),
    /** The operator's word that the cluster's network does what NetworkPolicies say: no API tells. */
    'enforces-network-policies': z.boolean().default(false),
    /** Whether what is deployed there is looked at, so that its changes are on record. */
    'watch-changes': z.boolean().optional(),
    /** Whether generated policies may be put into it (`holdfast policy apply`). */
    'apply-policies': z.boolean().optional(),
    /** Whether they may be put there as policies of the whole cluster, which no namespace undoes. */
    'apply-cluster-policies': z.boolean().optional(),
    'allowed-egress': z.array(allowedSchema).max(16).default([]),
  })
  .refine(
    (one) => (one.kubeconfig === undefined) !== (one['in-cluster'] === undefined),
    'exactly one of kubeconfig and in-cluster',
  )

export type KubernetesConfig = z.output<typeof kubernetesConfigSchema>
