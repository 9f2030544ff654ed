import { addressBits } from '@holdfast/model'

/** An IP address as a number of its family; one of IPv4 within IPv6 is taken as IPv4, which is what the wire carries. */
export type Address = { readonly bits: 32 | 128; readonly value: bigint }

export type Range = { readonly bits: 32 | 128; readonly first: bigint; readonly last: bigint }

const MAPPED = 0xffffn << 32n

/** Undefined for what is no IP address. */
export function parseAddress(text: string): Address | undefined {
  const bits = addressBits(text)
  if (bits === undefined) return undefined
  if (bits === 32) return { bits, value: v4Of(text) }
  const value = v6Of(text)
  return value >> 32n === MAPPED >> 32n ? { bits: 32, value: value & 0xffff_ffffn } : { bits, value }
}

/** `203.0.113.0/24`, or one address; undefined for what is neither. Bits beyond the prefix count for nothing. */
export function parseRange(text: string): Range | undefined {
  const [address = '', length, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  const whole = addressBits(address)
  const parsed = parseAddress(address)
  if (whole === undefined || parsed === undefined) return undefined
  if (length === undefined) return { bits: parsed.bits, first: parsed.value, last: parsed.value }
  if (!/^\d{1,3}$/.test(length) || Number(length) > whole) return undefined
  const free = whole - Number(length)
  // A range of mapped addresses that is wider than them is one of IPv6.
  const isNarrowed = parsed.bits !== whole
  if (isNarrowed && free > 32) return { bits: 128, ...spanOf(MAPPED | parsed.value, free) }
  return { bits: parsed.bits, ...spanOf(parsed.value, free) }
}

export function isWithin({ bits, value }: Address, range: Range): boolean {
  return bits === range.bits && range.first <= value && value <= range.last
}

export function isEverything({ bits, first, last }: Range): boolean {
  return first === 0n && last === (1n << BigInt(bits)) - 1n
}

export function addressText({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')
  return Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':')
}

/** As a policy spells one address. */
export function hostRange(address: string): string {
  return `${address}/${prefixOf(address)}`
}

/** The prefix under which an address stands for itself alone. */
export function prefixOf(address: string): number {
  return addressBits(address) ?? 32
}

function spanOf(value: bigint, free: number): { readonly first: bigint; readonly last: bigint } {
  const mask = (1n << BigInt(free)) - 1n
  return { first: value & ~mask, last: value | mask }
}

function v4Of(text: string): bigint {
  return text.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

function v6Of(text: string): bigint {
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)
  const tail = dotted === null ? 0n : v4Of(dotted[2] ?? '')
  const plain =
    dotted === null ? text : `${dotted[1] ?? ''}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  const [head = [], rest] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups =
    rest === undefined ? head : [...head, ...Array<string>(8 - head.length - rest.length).fill('0'), ...rest]
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}
