import { CustomChart, LineChart, SankeyChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([CustomChart, LineChart, SankeyChart, AriaComponent, GridComponent, TooltipComponent, SVGRenderer]);

/** A chart in an element, drawn as SVG: sharp on every screen, and part of the page for its image. */
export const draw = (element: HTMLElement) => init(element, null, { renderer: 'svg' });
