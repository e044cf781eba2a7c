/**
 * Delivery of alerts to people and programs: one class per product, one delivery loop.
 *
 * <pre>
 *   topic alerts ──▶ AlertFeed ──▶ Dispatcher ──▶ ReceiverQueue (one per receiver, a thread each)
 *                                                    │  DeliveryPolicy decides: send, wait, give up
 *                                                    │  Receiver writes the product's message
 *                                                    ▼
 *                                                 Transport (HTTP) ──▶ the product
 *                                                    │
 *   topic notifications ◀── OutcomeStore ◀───────────┘  what became of it; read first on the next start
 * </pre>
 *
 * <p>Delivery is exactly once over restarts but for one window: a process that dies after the receiver has taken a
 * message and before Kafka has taken the outcome sends that message again. The header {@code Idempotency-Key} of the
 * webhook lets its receiver see that; Alertmanager recognises the labels; a chat shows the card twice.
 */
package io.shopwatch.notify;
