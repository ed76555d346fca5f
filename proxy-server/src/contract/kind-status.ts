import { z } from 'zod';

/** Status of our kinds as proxy-server writes it, read back to tell whether a write is due. */
export const KindStatusObject = z.object({
  observedGeneration: z.number().int(),
  conditions: z.array(
    z.object({
      type: z.enum(['Ready', 'Reachable']),
      status: z.enum(['True', 'False', 'Unknown']),
      reason: z.string(),
      message: z.string(),
      lastTransitionTime: z.string(),
      observedGeneration: z.number().int(),
    }),
  ),
  identity: z.object({ id: z.string(), acceptedGeneration: z.number().int() }).optional(),
});
