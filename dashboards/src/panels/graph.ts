import {
  ArcOptionBuilder,
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder,
  ZoomMode,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import { type InfinityColumn, type Question, target } from '../infinity.ts';
import { describe, type Heading, type Part, type Size } from './panel.ts';

export interface GraphSpec extends Heading, Size {
  /** Fields `id`, `title`, `mainstat`, and those of `arcs`. Counts are texts: of numbers the panel writes two decimals. */
  nodes: Question;
  /** Fields `id`, `source`, `target`, `mainstat`, `secondarystat`. The panel breaks on an edge whose ends aren't nodes. */
  edges: Question;
  /** Shares of a node’s ring; they add up to 1. */
  arcs: readonly { field: string; color: string }[];
  /** Unit of the edges' `secondarystat`. */
  secondUnit: string;
}

/** A column under the name that the node graph knows. */
export const as = (selector: string, text: string, type: InfinityColumn['type'] = 'string'): InfinityColumn => ({
  selector,
  text,
  type,
});

/** Nodes and the ways between them. */
export function graph(spec: GraphSpec): Part {
  const { nodes, edges, arcs, secondUnit, width, height } = spec;
  return {
    width,
    height,
    build: (language) =>
      describe(
        new PanelBuilder(),
        spec,
        [
          target('nodes', { ...nodes, format: 'node-graph-nodes' }, language),
          target('edges', { ...edges, format: 'node-graph-edges' }, language),
        ],
        language,
      )
        .nodes(
          new NodeOptionsBuilder().arcs(
            arcs.map(({ field, color }) => new ArcOptionBuilder().field(field).color(color)),
          ),
        )
        .edges(new EdgeOptionsBuilder().secondaryStatUnit(secondUnit))
        .zoomMode(ZoomMode.Cooperative),
  };
}
