import { z } from 'zod'
import { artifactSchema } from './schemas.ts'

export const CHECK_GROUPS = [
  'machine',
  'store',
  'senders',
  'capture',
  'sensors',
  'containment',
  'accounts',
  'notices',
  'forwarding',
] as const

export const checkSchema = z
  .object({
    id: z.string(),
    group: z.enum(CHECK_GROUPS).meta({ description: 'what it is about; `machine` is checked by the CLI alone' }),
    status: z.enum(['PASS', 'WARN', 'FAIL']),
    title: z.string(),
    detail: z.string(),
    remedy: z.string().optional(),
  })
  .meta({ id: 'Check' })

/** If an incident happened now: what would be there of each agent, judged by its newest conversation. */
export const evidenceReadySchema = z
  .object({
    agents: z
      .array(
        z.object({
          agent: z.string(),
          name: z.string().meta({ description: 'untrusted' }),
          conversation: z.string().optional().meta({ description: 'that stands for the next one' }),
          ready: z.int(),
          of: z.int().meta({ description: 'artifacts that are expected of it' }),
          why: z.string().optional().meta({ description: 'why it is not judged' }),
          artifacts: z.array(
            z.object({
              id: artifactSchema.shape.id,
              name: z.string(),
              state: artifactSchema.shape.state,
              reason: z.string(),
              missing: z.int(),
              because: z.array(z.string()),
              fix: z.array(z.string()),
            }),
          ),
        }),
      )
      .meta({ description: 'the most recently heard, at most 20' }),
    total: z.int().meta({ description: 'agents that were heard' }),
    ready: z.int(),
    of: z.int(),
  })
  .meta({ id: 'EvidenceReady' })

/** Connections to models that the kernel saw, against prompts that were captured, over the newest records. */
export const modelCoverageSchema = z
  .object({
    connections: z.int().meta({ description: 'to models, that the kernel saw open' }),
    captured: z.int().meta({ description: 'of them with a call whose prompt was captured' }),
    share: z.number().optional().meta({ description: 'captured of connections; absent where there were none' }),
    agents: z
      .array(
        z.object({
          agent: z.string(),
          name: z.string().meta({ description: 'untrusted' }),
          connections: z.int(),
          captured: z.int(),
          share: z.number(),
        }),
      )
      .meta({ description: 'the least first' }),
  })
  .meta({ id: 'ModelCoverage' })
