import * as React from 'react';
import { fleetWords } from '../../../messages/fleet.ts';
import { useDarkTheme } from '../../../hooks/use-theme.ts';
import { useSize } from '../../../hooks/use-size.ts';
import { useServices } from '../../../services.ts';
import type { FleetColumns } from '../../../stores/fleet-columns.ts';
import type { FleetMembers } from '../../../../../proxy-server/src/domain/fleet-view.ts';
import { clampCamera, reveal, WHOLE, ZOOM_STEP, zoomAt, type Camera } from './map-camera.ts';
import { MapCanvas, readPalette } from './map-canvas.ts';
import { cellAt, layoutMap } from './map-layout.ts';
import { groupLine, type MapGroup } from './map-groups.ts';
import { legendLines, type LegendLine } from './map-legend.ts';
import { MapGrid } from './MapGrid.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapTooltip } from './MapTooltip.tsx';
import { rowSentence, rowWords } from './row-words.ts';
import { useMapPointer } from './use-map-pointer.ts';
import type { Colouring } from './cell-kinds.ts';

export interface FleetMapProps {
  readonly members: FleetMembers;
  readonly columns: FleetColumns;
  readonly version: number;
  readonly groups: readonly MapGroup[];
  /** Of the groups, in their order. */
  readonly titles: readonly string[];
  readonly grouping: string;
  readonly colouring: Colouring;
  readonly query: string;
  readonly matches: Uint8Array | undefined;
  readonly selected: ReadonlySet<number>;
  readonly old: boolean;
  readonly lassoWanted: boolean;
  readonly onOpen: (row: number) => void;
  readonly onSelect: (rows: readonly number[], on: boolean | undefined) => void;
  readonly onPressGroup: (group: MapGroup) => void;
  readonly onPressLegend: (line: LegendLine) => void;
}

/** The whole fleet as cells on one canvas, with its keyboard grid, its tooltip and its legend. */
export function FleetMap(props: FleetMapProps): React.ReactElement {
  const { members, columns, version, groups, colouring, query, matches, selected, old } = props;
  const { fleet, router } = useServices();
  const stage = React.useRef<HTMLDivElement>(null);
  const canvas = React.useRef<HTMLCanvasElement>(null);
  const painter = React.useRef<MapCanvas | undefined>(undefined);
  const { width, height } = useSize(stage);
  const ratio = window.devicePixelRatio || 1;
  const room = React.useMemo(() => ({ width, height }), [width, height]);
  const dark = useDarkTheme(stage);
  const layout = React.useMemo(
    () => layoutMap(groups, { width, height, rows: columns.count, ratio }),
    [groups, width, height, columns.count, ratio],
  );
  const [wantedCamera, setCamera] = React.useState<Camera>(WHOLE);
  const camera = React.useMemo(() => clampCamera(wantedCamera, layout, room), [wantedCamera, layout, room]);
  const lines = React.useMemo(() => groups.map((group) => groupLine(group, columns)), [groups, columns, version]); // eslint-disable-line react-hooks/exhaustive-deps -- version: the columns change in place
  const legend = React.useMemo(() => legendLines(colouring, columns, query), [colouring, columns, query, version]); // eslint-disable-line react-hooks/exhaustive-deps -- version: the columns change in place

  // Talks to the canvas: made once, told of each frame of the fleet.
  React.useLayoutEffect(() => {
    if (canvas.current === null) return undefined;
    const made = new MapCanvas(canvas.current, {
      next: (run) => window.requestAnimationFrame(run),
      cancel: (frame) => window.cancelAnimationFrame(frame),
    });
    painter.current = made;
    const stop = fleet.onFrame((changed) => made.onFrame(changed));
    return () => {
      stop();
      made.close();
    };
  }, [fleet]);
  // Talks to the canvas: the theme's colours.
  React.useLayoutEffect(() => {
    if (stage.current !== null) painter.current?.setPalette(readPalette(stage.current));
  }, [dark]);
  const scene = React.useMemo(
    () => ({ layout, camera, width, height, ratio, matches, selected, names: members.names, old }),
    [layout, camera, width, height, ratio, matches, selected, members, old],
  );
  // Talks to the canvas: what it shows. Before the frame is drawn, or the picture comes one frame after the words around it.
  React.useLayoutEffect(() => {
    painter.current?.show({ scene, columns, colouring });
  }, [scene, columns, colouring]);

  const pointer = useMapPointer({
    stage,
    layout,
    camera,
    setCamera,
    room,
    lassoWanted: props.lassoWanted,
    onOpen: props.onOpen,
    onToggle: (row) => props.onSelect([row], undefined),
    onLasso: (rows) => props.onSelect(rows, true),
  });
  const zoomBy = (factor: number): void =>
    setCamera((now) => clampCamera(zoomAt(now, { x: width / 2, y: height / 2 }, factor, layout), layout, room));
  const onZoom = (key: string): void => (key === '0' ? setCamera(WHOLE) : zoomBy(key === '-' ? 1 / ZOOM_STEP : ZOOM_STEP));
  const onReveal = (row: number): void => {
    const cell = cellAt(layout, row);
    if (cell !== undefined) setCamera((now) => clampCamera(reveal(now, cell, layout.pitch, room), layout, room));
  };
  const hovered = pointer.hover;
  return (
    <div className="ef-map">
      <div ref={stage} className={`ef-map__stage${camera.zoom > 1 ? ' ef-map__stage--zoomed' : ''}`} {...pointer.handlers}>
        <canvas ref={canvas} className="ef-map__canvas" aria-hidden="true" style={{ width, height }} />
        <MapGrid
          label={fleetWords.map.label(props.grouping)}
          layout={layout}
          camera={camera}
          room={room}
          titles={props.titles}
          lines={lines}
          cellLabel={(row) => rowSentence(rowWords(members, columns, row))}
          isSelected={(row) => selected.has(row)}
          onOpen={props.onOpen}
          onSelect={props.onSelect}
          onReveal={onReveal}
          onPressGroup={(box) => {
            const group = groups[box];
            if (group !== undefined) props.onPressGroup(group);
          }}
          onZoom={onZoom}
        />
        {pointer.lasso === undefined ? null : <Lasso {...pointer.lasso} />}
        {hovered === undefined ? null : (
          <MapTooltip
            words={rowWords(members, columns, hovered.row)}
            at={hovered.at}
            room={room}
            href={hovered.touch ? router.hrefOf(`/edges/${members.names[hovered.row] ?? ''}`) : undefined}
          />
        )}
      </div>
      <div className="ef-map__foot">
        <MapLegend lines={legend} onPress={props.onPressLegend} />
        <span className="ef-map__keys" aria-hidden="true">
          {fleetWords.map.keys}
        </span>
        <div className="ef-map__zoom" role="group">
          <button
            type="button"
            className="ef-button ef-button--icon"
            aria-label={fleetWords.map.zoomOut}
            disabled={camera.zoom <= 1}
            onClick={() => onZoom('-')}
          >
            {'\u2212'}
          </button>
          <button type="button" className="ef-button ef-button--icon" aria-label={fleetWords.map.zoomIn} onClick={() => onZoom('+')}>
            +
          </button>
          {camera.zoom > 1 ? (
            <button type="button" className="ef-button" onClick={() => onZoom('0')}>
              {fleetWords.map.whole}
            </button>
          ) : null}
        </div>
      </div>
    </div>
  );
}

function Lasso({ from, to }: { readonly from: { x: number; y: number }; readonly to: { x: number; y: number } }): React.ReactElement {
  const style = {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    width: Math.abs(from.x - to.x),
    height: Math.abs(from.y - to.y),
  };
  return <div className="ef-lasso" style={style} />;
}
