// What a dashboard file may hold: Grafana's own types, made to fit JSON and put together.
import type { AnnotationQuery, Dashboard, FieldConfig, Panel, RowPanel, VariableModel } from '@grafana/schema';
import type * as BarGauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** T as it is written in JSON: a string enum is one of its strings. */
type Json<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends number | boolean | null | undefined
      ? T
      : T extends Array<infer E>
        ? Array<Json<E>>
        : { [K in keyof T]: Json<T[K]> };

/** A query as the Prometheus datasource takes it; its types are in a package that brings all of Grafana's UI. */
interface PrometheusQuery {
  refId: string;
  datasource: { type: 'prometheus'; uid: string };
  expr: string;
  legendFormat: string;
  editorMode: 'code' | 'builder';
  instant: boolean;
  range: boolean;
  format?: 'time_series' | 'table' | 'heatmap';
}

/** An annotation query carries its datasource's own fields beside Grafana's. */
interface PrometheusAnnotation extends AnnotationQuery {
  expr: string;
  step: string;
  titleFormat: string;
  textFormat: string;
}

/** One kind of panel, with the options and field options of its plugin, also where an override sets one. */
type PanelOf<Type extends string, Options, Custom> = Omit<Json<Panel>, 'type' | 'options' | 'targets' | 'fieldConfig'> & {
  type: Type;
  options: Json<Options>;
  targets: PrometheusQuery[];
  fieldConfig: {
    defaults: Omit<Json<FieldConfig>, 'custom'> & { custom?: Partial<Json<Custom>> };
    overrides: Array<{
      matcher: { id: 'byName' | 'byRegexp'; options: string };
      properties: Array<Property<Json<FieldConfig>> | CustomProperty<Json<Custom>>>;
    }>;
  };
};

type Property<T> = { [K in Exclude<keyof T, 'custom'> & string]: { id: K; value: Exclude<T[K], undefined> } }[Exclude<keyof T, 'custom'> & string];
type CustomProperty<T> = { [K in keyof T & string]: { id: `custom.${K}`; value: Exclude<T[K], undefined> } }[keyof T & string] | TableWidth;
type TableWidth = { id: 'custom.width'; value: number };

export type ShopwatchPanel =
  | PanelOf<'stat', Stat.Options, Record<string, never>>
  | PanelOf<'bargauge', BarGauge.Options, Record<string, never>>
  | PanelOf<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>
  | PanelOf<'state-timeline', StateTimeline.Options, StateTimeline.FieldConfig>
  | PanelOf<'table', Table.Options, Table.FieldConfig>
  | Json<RowPanel>;

export type ShopwatchDashboard = Omit<Json<Dashboard>, 'panels' | 'annotations' | 'templating'> & {
  panels: ShopwatchPanel[];
  annotations: { list: Array<Json<PrometheusAnnotation>> };
  templating: { list: Array<Json<VariableModel>> };
};
