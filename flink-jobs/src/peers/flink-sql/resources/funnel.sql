-- The open funnel view -> cart -> order -> pay: distinct visitors of each step, in all and by channel,
-- in windows of five minutes and an hour that slide by a second.

SET 'execution.runtime-mode' = 'streaming';
SET 'pipeline.object-reuse' = 'true';
SET 'pipeline.auto-watermark-interval' = '50 ms';
SET 'execution.checkpointing.interval' = '10 s';
SET 'execution.checkpointing.incremental' = 'true';
-- Distinct visitors are gathered in two phases, first where they are read. Windows make batches by themselves; mini-batch
-- is for what has no window, and does no harm. Distinct counts are not split: see FunnelSql.
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '200 ms';
SET 'table.exec.mini-batch.size' = '5000';
SET 'table.exec.source.idle-timeout' = '30 s';
SET 'table.local-time-zone' = 'UTC';

CREATE TABLE events (
  `type` STRING,
  visitorId STRING,
  channel STRING,
  eventTime BIGINT,
  happened AS TO_TIMESTAMP_LTZ(eventTime, 3),
  WATERMARK FOR happened AS happened - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'clicks;carts;orders',
  'properties.bootstrap.servers' = '${bootstrapServers}',
  'properties.group.id' = 'flink-sql',
  'properties.interceptor.classes' = 'io.shopwatch.peers.Clock$Reading',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

CREATE TABLE funnels (
  `window` STRING,
  channel STRING,
  `end` BIGINT,
  `view` BIGINT,
  cart BIGINT,
  `order` BIGINT,
  pay BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${bootstrapServers}',
  'properties.linger.ms' = '5',
  'properties.compression.type' = 'lz4',
  'properties.interceptor.classes' = 'io.shopwatch.peers.Clock$Writing',
  'sink.delivery-guarantee' = 'at-least-once',
  'key.format' = 'raw',
  'key.fields' = 'channel',
  'format' = 'json'
);

CREATE VIEW steps AS
SELECT `type`, visitorId, channel, happened
FROM events
WHERE `type` IN ('view_item', 'add_to_cart', 'placed', 'paid');

EXECUTE STATEMENT SET
BEGIN
INSERT INTO funnels
SELECT
  '5m',
  COALESCE(channel, 'all'),
  CAST(TIMESTAMPDIFF(SECOND, TIMESTAMP '1970-01-01 00:00:00', window_end) AS BIGINT) * 1000,
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'view_item'),
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'add_to_cart'),
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'placed'),
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'paid')
FROM HOP(TABLE steps, DESCRIPTOR(happened), INTERVAL '1' SECOND, INTERVAL '5' MINUTE)
GROUP BY window_start, window_end, GROUPING SETS ((channel), ());

INSERT INTO funnels
SELECT
  '1h',
  COALESCE(channel, 'all'),
  CAST(TIMESTAMPDIFF(SECOND, TIMESTAMP '1970-01-01 00:00:00', window_end) AS BIGINT) * 1000,
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'view_item'),
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'add_to_cart'),
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'placed'),
  COUNT(DISTINCT visitorId) FILTER (WHERE `type` = 'paid')
FROM HOP(TABLE steps, DESCRIPTOR(happened), INTERVAL '1' SECOND, INTERVAL '1' HOUR)
GROUP BY window_start, window_end, GROUPING SETS ((channel), ());
END;
