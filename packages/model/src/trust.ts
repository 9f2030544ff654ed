/**
 * Who says so. What an agent says about itself never outranks what the kernel or the provider saw.
 * Strongest first: `kernel` > `provider` > `boundary` > `self-reported`.
 */
export const TRUST_TIERS = ['kernel', 'provider', 'boundary', 'self-reported'] as const

export type TrustTier = (typeof TRUST_TIERS)[number]

/** True where `a` stands above `b`; false for equal tiers. */
export function outranks(a: TrustTier, b: TrustTier): boolean {
  return TRUST_TIERS.indexOf(a) < TRUST_TIERS.indexOf(b)
}
