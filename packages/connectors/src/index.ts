export type { Channel, Delivery, DeliveryResult } from './channel.ts'
