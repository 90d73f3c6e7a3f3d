/** Why a delivery wasn't made, and what follows. The codes are explained in docs/channels.md. */
export const deliveryReasons = {
  address_forbidden: { follows: 'refused' },
  attempts_exhausted: { follows: 'refused' },
  connect_failed: { follows: 'retry' },
  connect_timeout: { follows: 'retry' },
  connection_lost: { follows: 'retry' },
  log_failed: { follows: 'retry' },
  name_unresolved: { follows: 'retry' },
  payload_refused: { follows: 'refused' },
  rate_limited: { follows: 'retry' },
  receiver_gone: { follows: 'refused' },
  redirected: { follows: 'refused' },
  sender_failed: { follows: 'retry' },
  status_unexpected: { follows: 'retry' },
  timeout: { follows: 'retry' },
  tls_failed: { follows: 'retry' },
} as const;

export type DeliveryReason = keyof typeof deliveryReasons;

/** A reason with its facts for people, e.g. `500: "upstream is down"`. Holds no secret. */
export interface Failure {
  readonly reason: DeliveryReason;
  readonly detail: string;
}
