/** The small answers of Argo CD and Cloudflare, loose about everything that is not read. Applications have a decoder of their own. */
import { z } from 'zod';

export const VersionAnswer = z.object({ Version: z.string().max(256) });

export const CanIAnswer = z.object({ value: z.enum(['yes', 'no']) });

export const ProjectsAnswer = z.object({
  items: z
    .array(z.object({ metadata: z.object({ name: z.string().min(1).max(253) }) }))
    .max(10_000)
    .nullish(),
});

/** One page of an account's tunnels (`GET /accounts/{id}/cfd_tunnel`); names are ours by prefix. */
export const TunnelsAnswer = z.object({
  success: z.literal(true),
  result: z
    .array(
      z.object({
        name: z.string().max(256),
        status: z.string().max(32).nullish(),
        conns_inactive_at: z.string().max(64).nullish(),
      }),
    )
    .max(1_000),
  result_info: z.object({ total_count: z.number().int().nonnegative() }).partial().nullish(),
});
export type Tunnel = z.infer<typeof TunnelsAnswer>['result'][number];
