export type { Access, Answer, Body, Params, Query, RouteName, RouteSpec, Routes } from './routes.ts'
export { routes } from './routes.ts'
export type { CallOptions, Client, ClientOptions } from './client.ts'
export { ApiError, createClient, pathOf } from './client.ts'
export { openApiDocument } from './openapi.ts'
export { pathSegment, textOfSegment } from './path-segment.ts'
export type {
  Agent,
  AgentDetail,
  ApiEvent,
  CapturePolicyWire,
  Check,
  CheckpointWire,
  ContainmentWire,
  ContentSlot,
  ContentText,
  ContextHit,
  Conversation,
  Coverage,
  DrawnGraph,
  EvidenceStatusWire,
  ExecutionGraphWire,
  Gap,
  GraphRow,
  ImportResult,
  Integrity,
  Problem,
  RawEntry,
  ReachWire,
  RunSummary,
  SearchHit,
  Sensor,
} from './wire.ts'
