import * as React from 'react';
import { clampCamera, toMap, zoomAt, type Camera } from './map-camera.ts';
import { rowAt, rowsIn, type MapLayout, type Point } from './map-layout.ts';

/** What the pointer does on the map: hover, open, drag the picture, draw a lasso, pinch. */
export interface MapPointer {
  /** The row under the pointer, and where. `touch`: it stays until the next tap, and offers a link. */
  readonly hover: { readonly row: number; readonly at: Point; readonly touch: boolean } | undefined;
  readonly lasso: { readonly from: Point; readonly to: Point } | undefined;
  readonly handlers: {
    readonly onPointerDown: (event: React.PointerEvent) => void;
    readonly onPointerMove: (event: React.PointerEvent) => void;
    readonly onPointerUp: (event: React.PointerEvent) => void;
    readonly onPointerCancel: (event: React.PointerEvent) => void;
    readonly onPointerLeave: () => void;
  };
}

export interface MapPointerOptions {
  readonly stage: React.RefObject<HTMLElement>;
  readonly layout: MapLayout;
  readonly camera: Camera;
  readonly setCamera: (change: (camera: Camera) => Camera) => void;
  readonly room: { readonly width: number; readonly height: number };
  /** The user asked for a lasso with a button. */
  readonly lassoWanted: boolean;
  readonly onOpen: (row: number) => void;
  readonly onToggle: (row: number) => void;
  readonly onLasso: (rows: readonly number[]) => void;
}

const DRAG_FROM = 5;

interface Press {
  readonly from: Point;
  readonly camera: Camera;
  readonly lasso: boolean;
  moved: boolean;
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);

export function useMapPointer(options: MapPointerOptions): MapPointer {
  const { stage, layout, camera, setCamera, room } = options;
  const [hover, setHover] = React.useState<MapPointer['hover']>(undefined);
  const [lasso, setLasso] = React.useState<MapPointer['lasso']>(undefined);
  const press = React.useRef<Press | undefined>(undefined);
  const pointers = React.useRef(new Map<number, Point>());
  const pinch = React.useRef<number | undefined>(undefined);

  const pointOf = (event: { readonly clientX: number; readonly clientY: number }): Point => {
    const edge = stage.current?.getBoundingClientRect();
    return { x: event.clientX - (edge?.left ?? 0), y: event.clientY - (edge?.top ?? 0) };
  };
  const zoom = (at: Point, factor: number): void => setCamera((now) => clampCamera(zoomAt(now, at, factor, layout), layout, room));

  /** Two fingers: the change of their distance zooms around the point between them. */
  const onPinch = (): boolean => {
    const [one, other] = [...pointers.current.values()];
    if (one === undefined || other === undefined) return false;
    const now = distance(one, other);
    if (pinch.current !== undefined && pinch.current > 0) zoom({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }, now / pinch.current);
    pinch.current = now;
    return true;
  };
  const onDrag = (at: Point, started: Press): void => {
    if (distance(at, started.from) >= DRAG_FROM) started.moved = true;
    if (!started.moved) return;
    setHover(undefined);
    if (started.lasso) setLasso({ from: started.from, to: at });
    else
      setCamera(() =>
        clampCamera(
          { ...started.camera, x: started.camera.x + started.from.x - at.x, y: started.camera.y + started.from.y - at.y },
          layout,
          room,
        ),
      );
  };
  const hoverAt = (at: Point, touch: boolean): number | undefined => {
    const row = rowAt(layout, toMap(camera, at));
    setHover((now) => (row === undefined ? undefined : now?.row === row ? now : { row, at, touch }));
    return row;
  };
  const onTap = (event: React.PointerEvent, at: Point): void => {
    const touch = event.pointerType === 'touch';
    const row = hoverAt(at, touch);
    if (row === undefined || touch) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) options.onToggle(row);
    else options.onOpen(row);
  };
  const end = (event: React.PointerEvent): void => {
    pointers.current.delete(event.pointerId);
    if (pointers.current.size < 2) pinch.current = undefined;
    press.current = undefined;
    setLasso(undefined);
  };

  // Talks to the DOM: React listens to the wheel passively, and a passive listener cannot keep the page from scrolling.
  const wheel = React.useRef((_event: WheelEvent): void => undefined);
  wheel.current = (event) => {
    if (event.deltaY > 0 && camera.zoom <= 1 && !event.ctrlKey) return; // nothing to zoom out of: the page may scroll
    event.preventDefault();
    zoom(pointOf(event), Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)));
  };
  React.useEffect(() => {
    const node = stage.current;
    const onWheel = (event: WheelEvent): void => wheel.current(event);
    node?.addEventListener('wheel', onWheel, { passive: false });
    return () => node?.removeEventListener('wheel', onWheel);
  }, [stage]);

  return {
    hover,
    lasso,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        const at = pointOf(event);
        pointers.current.set(event.pointerId, at);
        const wantsLasso = options.lassoWanted || event.shiftKey || (camera.zoom === 1 && event.pointerType === 'mouse');
        press.current = pointers.current.size === 1 ? { from: at, camera, lasso: wantsLasso, moved: false } : undefined;
      },
      onPointerMove(event) {
        const at = pointOf(event);
        if (pointers.current.has(event.pointerId)) pointers.current.set(event.pointerId, at);
        if (pointers.current.size > 1 && onPinch()) return;
        if (press.current !== undefined) onDrag(at, press.current);
        else if (event.pointerType !== 'touch') hoverAt(at, false);
      },
      onPointerUp(event) {
        const started = press.current;
        const at = pointOf(event);
        if (started?.moved === true && started.lasso) options.onLasso(rowsIn(layout, toMap(camera, started.from), toMap(camera, at)));
        else if (started?.moved === false) onTap(event, at);
        end(event);
      },
      onPointerCancel: end,
      onPointerLeave: () => setHover((now) => (now?.touch === true ? now : undefined)),
    },
  };
}
