import { z } from 'zod'

const none = z.object({})
const count = z.int().min(0)
const rateSchema = z.object({
  of: count,
  from: count,
  share: z.number().optional().meta({ description: 'absent where there is nothing to divide by' }),
})
const rangeSchema = z
  .object({ least: z.number(), most: z.number() })
  .meta({ description: 'acts that are known, and how many there may have been where capture had gaps' })

const metricsSchema = z
  .object({
    cases: count.meta({ description: 'cases that were opened' }),
    classification: z.object({
      classified: count,
      open: count,
      p50Ms: z.number().optional(),
      p95Ms: z.number().optional(),
      finalP50Ms: z.number().optional().meta({ description: 'until the type that holds now' }),
      reclassified: rateSchema,
    }),
    chainCompleteness: rateSchema.meta({
      description: 'cases whose complete chain was sealed before the first action, of those that were contained',
    }),
    refinementApplied: rateSchema.meta({
      description: 'closed cases with a change in force by which the replay is caught earlier',
    }),
    stages: z.array(
      z.object({
        stage: z.string(),
        cases: count,
        p50Ms: z.number(),
        p95Ms: z.number(),
      }),
    ),
    exposure: z.object({
      cases: count.meta({ description: 'contained cases of which every stage was seen; the others are not guessed' }),
      byStage: z.array(z.object({ stage: z.string(), acts: rangeSchema })),
      total: rangeSchema,
    }),
  })
  .meta({ id: 'ResponseMetrics' })

export type ResponseMetricsWire = z.output<typeof metricsSchema>

/** How well incidents are responded to, counted from the recorded steps of their cases. */
export const responseMetricsRoutes = {
  getResponseMetrics: {
    method: 'GET',
    path: '/api/v1/response-metrics',
    access: 'viewer',
    summary: 'Time to classification, complete chains, applied refinements, times by stage, exposure',
    params: none,
    query: none,
    response: metricsSchema,
  },
} as const
