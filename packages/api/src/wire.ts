import type { z } from 'zod'
import type * as graphRoutes from './graph-routes.ts'
import type * as graphSchemas from './graph-schemas.ts'
import type * as inventorySchemas from './inventory-schemas.ts'
import type * as doctorSchemas from './doctor-schemas.ts'
import type * as logSchemas from './log-schemas.ts'
import type * as schemas from './schemas.ts'
import type { containmentSchema } from './containment-routes.ts'
import type * as profileSchemas from './profile-schemas.ts'
import type * as sensorSchemas from './sensor-schemas.ts'

export type Agent = z.output<typeof schemas.agentSchema>
export type AgentDetail = z.output<typeof schemas.agentDetailSchema>
export type ApiEvent = z.output<typeof schemas.eventSchema>
export type CapturePolicyWire = z.output<typeof schemas.capturePolicySchema>
export type ModelCoverageWire = z.output<typeof doctorSchemas.modelCoverageSchema>
export type EvidenceReadyWire = z.output<typeof doctorSchemas.evidenceReadySchema>
export type Check = z.output<typeof doctorSchemas.checkSchema>
export type CheckpointWire = z.output<typeof logSchemas.checkpointSchema>
export type ContentSlot = z.output<typeof schemas.contentSlotSchema>
export type ContentText = z.output<typeof schemas.contentTextSchema>
export type ContextHit = z.output<typeof schemas.contextHitSchema>
export type Conversation = z.output<typeof schemas.conversationSchema>
export type Coverage = z.output<typeof schemas.coverageSchema>
export type DrawnGraph = z.output<typeof graphSchemas.drawnGraphSchema>
export type EvidenceStatusWire = z.output<typeof schemas.evidenceStatusSchema>
export type ExecutionGraphWire = z.output<typeof graphSchemas.executionGraphSchema>
export type Gap = z.output<typeof logSchemas.gapSchema>
export type StripWire = z.output<typeof graphRoutes.stripSchema>
export type GraphRow = z.output<typeof graphSchemas.graphRowSchema>
export type ImportResult = z.output<typeof schemas.importResultSchema>
export type Integrity = z.output<typeof logSchemas.integritySchema>
export type Problem = z.output<typeof schemas.problemSchema>
export type RawEntry = z.output<typeof logSchemas.rawEntrySchema>
export type ReachWire = z.output<typeof graphSchemas.reachSchema>
export type ContainmentWire = z.output<typeof containmentSchema>
export type RunSummary = z.output<typeof sensorSchemas.runSummarySchema>
export type SearchHit = z.output<typeof schemas.searchHitSchema>
export type Sensor = z.output<typeof sensorSchemas.sensorSchema>
export type BomChangeWire = z.output<typeof inventorySchemas.bomChangeSchema>
export type BomRowWire = z.output<typeof inventorySchemas.bomRowSchema>
export type BomWire = z.output<typeof inventorySchemas.bomSchema>
export type IdentityRow = z.output<typeof inventorySchemas.identityRowSchema>
export type InventoryFindingWire = z.output<typeof inventorySchemas.inventoryFindingSchema>
export type RecordedChangeWire = z.output<typeof inventorySchemas.recordedChangeSchema>
export type BaselineWire = z.output<typeof profileSchemas.baselineSchema>
export type ObservedAgent = z.output<typeof profileSchemas.observedAgentSchema>
export type ParityWire = z.output<typeof profileSchemas.paritySchema>
export type ProfileEntryWire = z.output<typeof profileSchemas.profileEntrySchema>
