import { z } from 'zod'
import { localSensorSchema, runSummarySchema, sensorSchema, watchSchema } from './sensor-schemas.ts'

const none = z.object({})
const sensorParams = z.object({ sensor: z.string() })

/** What is asked of kernel sensors, and of the runs that they watch. */
export const sensorRoutes = {
  listSensors: {
    method: 'GET',
    path: '/api/v1/sensors',
    access: 'viewer',
    summary: 'Kernel sensors: what each sees, and what it cannot',
    params: none,
    query: none,
    response: z.object({ items: z.array(sensorSchema), local: localSensorSchema }),
  },
  makeSensorToken: {
    method: 'POST',
    path: '/api/v1/sensor-tokens',
    access: 'admin',
    summary: 'Makes a token that enrols one sensor of another host, once',
    params: none,
    query: none,
    body: z.object({}),
    response: z.object({
      token: z.string().meta({ description: 'shown this once' }),
      expiresInMs: z.int(),
    }),
  },
  revokeSensor: {
    method: 'POST',
    path: '/api/v1/sensors/{sensor}/revoke',
    access: 'admin',
    summary: 'Refuses a sensor of another host from now on',
    params: sensorParams,
    query: none,
    body: z.object({}),
    response: none,
  },
  watchCgroup: {
    method: 'POST',
    path: '/api/v1/sensors/{sensor}/watch',
    access: 'admin',
    summary: 'Records the processes of a cgroup',
    params: sensorParams,
    query: none,
    body: watchSchema,
    response: z.object({ cgroup: z.string(), agent: z.string() }),
  },
  unwatchCgroup: {
    method: 'POST',
    path: '/api/v1/sensors/{sensor}/unwatch',
    access: 'admin',
    summary: 'Ends the recording of a cgroup, once the server has all of it',
    params: sensorParams,
    query: none,
    body: z.object({ path: z.string().min(1).max(4_096) }),
    response: none,
  },
  getRun: {
    method: 'GET',
    path: '/api/v1/runs/{run}',
    access: 'viewer',
    summary: 'What one run did, as far as it was seen',
    params: z.object({ run: z.string() }),
    query: z.object({
      agent: z.string().max(600),
      trace: z
        .string()
        .regex(/^[0-9a-f]{32}$/)
        .optional(),
      from: z.coerce.number().int().min(0).optional().meta({ description: 'first log entry to look at' }),
    }),
    response: runSummarySchema,
  },
} as const
