import { z } from 'zod'
import { problemSchema } from './schemas.ts'
import { routes, type RouteSpec } from './routes.ts'

type Json = { readonly [key: string]: unknown }

/** The OpenAPI 3.1 document of every route, made from the schemas that the server checks with. */
export function openApiDocument(version: string): Json {
  const paths = new Map<string, Record<string, Json>>()
  for (const [operationId, route] of Object.entries<RouteSpec>(routes)) {
    const methods = paths.get(route.path) ?? {}
    methods[route.method.toLowerCase()] = operationOf(operationId, route)
    paths.set(route.path, methods)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Holdfast', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ token: [] }, { session: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'holdfast_session' },
      },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
  }
}

function operationOf(operationId: string, route: RouteSpec): Json {
  return {
    operationId,
    summary: route.summary,
    'x-holdfast-access': route.access,
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'), ...headersOf(route)],
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: bodyOf(route.body) } }),
    responses: {
      '200': {
        description: route.summary,
        ...(route.etag === undefined ? {} : { headers: { ETag: { schema: TEXT } } }),
        content: answerOf(route.response),
      },
      ...(route.etag === undefined ? {} : { '304': { description: 'What If-None-Match names is what there is' } }),
      ...(route.idempotencyKey === undefined
        ? {}
        : { '422': problem('The Idempotency-Key stands for another request: nothing was done') }),
      ...(route.ifMatch === undefined ? {} : { '412': problem('It has changed since: nothing was done') }),
      default: problem('What went wrong'),
    },
  }
}

const TEXT: Json = { type: 'string' }

function problem(description: string): Json {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

/** What a route understands beside its path, query and body. */
function headersOf({ etag, ifMatch, idempotencyKey }: RouteSpec): readonly Json[] {
  const header = (name: string, description: string): Json => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: TEXT,
  })
  return [
    ...(etag === undefined ? [] : [header('If-None-Match', 'the ETag of an answer that the caller has')]),
    ...(idempotencyKey === undefined
      ? []
      : [header('Idempotency-Key', 'a text of the caller’s own in quotes: what comes again under it is made once')]),
    ...(ifMatch === undefined ? [] : [header('If-Match', 'the ETag of what the caller looked at')]),
  ]
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): readonly Json[] {
  const object = jsonSchema(schema, 'input') as {
    readonly properties?: Record<string, Json>
    readonly required?: readonly string[]
  }
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (object.required ?? []).includes(name),
    schema: property,
  }))
}

function bodyOf(body: z.ZodType | 'bytes'): Json {
  return body === 'bytes'
    ? { 'application/octet-stream': {} }
    : { 'application/json': { schema: jsonSchema(body, 'input') } }
}

function answerOf(response: RouteSpec['response']): Json {
  return typeof response === 'string'
    ? { [response]: {} }
    : { 'application/json': { schema: jsonSchema(response, 'output') } }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  // Inlined rather than referenced: zod would put `$defs` beside each schema, where OpenAPI tools do not look.
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json
  return rest
}
