import { HOST_EGRESS_ENTRIES } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

const watchedSchema = z.object({
  cgroup: z.string().meta({ description: 'id of the cgroup v2, decimal' }),
  path: z.string().meta({ description: 'below the cgroup v2 mount' }),
  agent: z.string(),
  agentName: z.string(),
  run: z.string().optional(),
  egress: z
    .object({ artifact: z.string(), mode: z.enum(['monitor', 'enforce']) })
    .optional()
    .meta({ description: 'the egress list that it is under' }),
})

export const sensorSchema = z.object({
  id: z.string(),
  state: z.enum(['connected', 'away', 'stopped']),
  start: z.string().meta({ description: 'one run of the driver' }),
  host: z.string(),
  kernel: z.string(),
  bootId: z.string(),
  programs: z.array(z.object({ name: z.string(), attached: z.boolean(), error: z.string().optional() })),
  unseen: z.array(z.string()).meta({ description: 'what cannot be seen on that host, a sentence each' }),
  tls: z
    .array(
      z.object({
        program: z.string(),
        status: z.enum(['hooked', 'partly', 'not-hookable', 'refused', 'no-tls-seen']),
        seen: z.array(z.string()),
        unseen: z.array(z.string()),
      }),
    )
    .meta({ description: 'how far the TLS of each program that ran is seen in plain text' }),
  watched: z.array(watchedSchema),
  lastBatch: nanoSchema.optional(),
  records: z.int().meta({ description: 'stored since the server started' }),
  lost: z.int().meta({ description: 'counted as lost by the sensor since the server started; each is a gap record' }),
})

/** The sensor that the server itself starts beside it. */
export const localSensorSchema = z.object({
  state: z.enum(['off', 'starting', 'running', 'impossible']),
  obstacles: z.array(z.object({ detail: z.string(), remedy: z.string() })).meta({ description: 'why it cannot run' }),
})

const artifactSchema = z.string().regex(/^[0-9a-f]{64}$/)
const modeSchema = z.enum(['monitor', 'enforce'])
const endSchema = { port: z.int().min(0).max(65_535), protocol: z.enum(['tcp', 'udp']) }

/** Entries as the document of a host-egress artifact has them. */
const egressSchema = z.object({
  artifact: artifactSchema,
  mode: modeSchema,
  validUntil: z.iso.datetime({ offset: true }).meta({ description: 'from then on it only monitors' }),
  allow: z
    .array(
      z.union([
        z.object({
          address: z.union([z.ipv4(), z.ipv6()]),
          prefix: z.int().min(0).max(128),
          ...endSchema,
        }),
        z.object({
          name: z
            .string()
            .max(253)
            .regex(/^(?!-)[-a-z0-9_*]+(?:\.[-a-z0-9_*]+)*$/),
          ...endSchema,
        }),
      ]),
    )
    .max(HOST_EGRESS_ENTRIES),
})

export const watchSchema = z.object({
  path: z.string().min(1).max(4_096).meta({ description: 'cgroup below the cgroup v2 mount' }),
  service: z.string().min(1).max(256),
  workload: z
    .object({
      name: z.string().min(1).max(256),
      namespace: z.string().min(1).max(256).exactOptional(),
      cluster: z.string().min(1).max(256).exactOptional(),
    })
    .optional()
    .meta({ description: 'the Deployment that it goes by; without, it is a program of its host' }),
  run: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .optional(),
  allOpens: z.boolean().optional().meta({ description: 'every open, not only sensitive and written files' }),
  tls: z.boolean().optional().meta({ description: 'plain text of TLS libraries' }),
  traceparent: z.string().max(64).optional(),
  fromFirstExec: z.boolean().optional().meta({ description: 'the set of system calls begins with the first program' }),
  seccomp: z
    .object({
      profile: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .meta({ description: 'SHA-256 of the profile, for the record' }),
      logged: z
        .array(z.int().min(0).max(511))
        .max(512)
        .meta({ description: 'numbers of the calls that it lets through and has logged' }),
      artifact: artifactSchema.optional().meta({ description: 'the policy artifact that it is of' }),
      mode: modeSchema.optional(),
    })
    .optional()
    .meta({ description: 'the programs run under this seccomp profile: what it refuses is told with proof' }),
  egress: egressSchema.optional().meta({ description: 'put on before the answer; ends with the cgroup' }),
})

/** What a seccomp filter did to one call of one program of a run. */
const violationSchema = z.object({
  event: z.string().meta({ description: 'the first of them' }),
  call: z.string().meta({ description: 'as libseccomp names it; #NUMBER where it is of another architecture' }),
  architecture: z.string().optional().meta({ description: 'where the call is not one of the machine’s own kind' }),
  outcome: z.enum(['refused', 'trapped', 'killed', 'logged']),
  errno: z.int().optional(),
  basis: z.enum(['kernel', 'profile', 'answer']).meta({
    description:
      'kernel: the call never began, or the filter ended it; profile: what it says of the call; answer: alone',
  }),
  process: z.string().optional(),
  binary: z.string().optional(),
  isSetup: z.boolean().meta({ description: 'before the program began: of the runtime that starts it' }),
  artifact: z.string().optional().meta({ description: 'the policy artifact that the filter is of' }),
  mode: modeSchema.optional(),
  conversation: z.string().optional().meta({ description: 'that it was part of' }),
  count: z.int(),
})

/** What an egress list does not name and a program of a run tried to reach. */
const unlistedSchema = z.object({
  event: z.string().meta({ description: 'the first of them' }),
  artifact: z.string().meta({ description: 'the policy artifact that does not name it' }),
  mode: modeSchema.meta({ description: 'monitor: it passed' }),
  what: z.string().meta({ description: 'connect, sendmsg, packet out or socket' }),
  protocol: z.string(),
  address: z.string().optional(),
  port: z.int().optional(),
  names: z.array(z.string()).meta({ description: 'as DNS answered them to this run' }),
  process: z.string().optional(),
  binary: z.string().optional(),
  conversation: z.string().optional().meta({ description: 'that it was part of' }),
  count: z.int(),
})

/** What the processes of one `holdfast run` did, as far as it was seen. */
export const runSummarySchema = z.object({
  run: z.string(),
  agent: z.string(),
  entries: z.int(),
  processes: z.array(
    z.object({ process: z.string(), binary: z.string(), exitCode: z.int().optional(), signal: z.int().optional() }),
  ),
  filesWritten: z.array(z.object({ path: z.string(), actions: z.array(z.string()), count: z.int() })),
  destinations: z.array(
    z.object({
      address: z.string(),
      port: z.int(),
      protocol: z.string(),
      names: z.array(z.string()).meta({ description: 'as DNS answered them to this run' }),
      connections: z.int(),
      refused: z.int().meta({ description: 'attempts that failed or were refused' }),
    }),
  ),
  toolCalls: z.array(z.object({ event: z.string(), name: z.string() })),
  conversations: z
    .array(
      z.object({ id: z.string(), isOfRun: z.boolean().meta({ description: "it goes on in the run's own trace" }) }),
    )
    .meta({ description: 'that the agent told of; what the kernel saw and no act led to is in that of the run' }),
  programsOfActs: z.int().meta({ description: 'programs that carry the trace context of an act' }),
  syscalls: z
    .array(z.string())
    .meta({ description: 'names of the system calls made, sorted; as far as they were told' }),
  violations: z.array(violationSchema),
  unlisted: z.array(unlistedSchema).meta({ description: 'what an egress list refused, or would have' }),
  cut: z.int().meta({ description: 'rows beyond the bound of a list' }),
})
