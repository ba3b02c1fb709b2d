package main

import (
	"fmt"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
)

const (
	windowLength = 500 * time.Millisecond
	// k6 hands samples on this often (output/manager.go): a window ends with one of these lumps.
	lump = 50 * time.Millisecond
	// Beyond so many series of one window (errors that name a port each) samples are counted without their tags.
	mostSeries = 2000
)

// windows adds samples up as k6 hands them on, and exports a window of them every 500 ms to --out tunebench=HOST:PORT, as
// the output `opentelemetry` would with delta temporality and exponential histograms. That one makes a set of attributes for each of some
// fourteen samples a request; here a sample is a look-up and an addition.
type windows struct {
	logger logrus.FieldLogger
	target string
	open   window
	sender *sender
}

// window is what came between two moments.
type window struct {
	from, to time.Time
	series   map[metrics.TimeSeries]*series
}

func newWindows(params output.Params) (output.Output, error) {
	if params.ConfigArgument == "" {
		return nil, fmt.Errorf("where to is missing: --out tunebench=HOST:PORT")
	}
	return &windows{logger: params.Logger, target: params.ConfigArgument}, nil
}

// Description says where windows go.
func (w *windows) Description() string {
	return fmt.Sprintf("tunebench (%s)", w.target)
}

// Start begins the first window.
func (w *windows) Start() error {
	w.sender = startSender(w.target, w.logger)
	w.begin(time.Now())
	return nil
}

// AddMetricSamples is called for every lump, an empty one too, and never twice at once.
func (w *windows) AddMetricSamples(containers []metrics.SampleContainer) {
	for _, container := range containers {
		samples := container.GetSamples()
		for i := range samples {
			w.open.seriesOf(&samples[i]).add(&samples[i])
		}
	}
	if now := time.Now(); now.Sub(w.open.from) > windowLength-lump/2 {
		w.end(now)
	}
}

// Stop exports what is left, and waits until all is sent or given up.
func (w *windows) Stop() error {
	w.end(time.Now())
	w.sender.finish()
	return nil
}

func (w *windows) begin(at time.Time) {
	w.open = window{from: at, series: make(map[metrics.TimeSeries]*series, len(w.open.series))}
}

func (w *windows) end(at time.Time) {
	w.open.to = at
	w.sender.send(w.open)
	w.begin(at)
}

func (w *window) seriesOf(sample *metrics.Sample) *series {
	key := sample.TimeSeries
	found, ok := w.series[key]
	if !ok && len(w.series) >= mostSeries {
		key.Tags = nil
		found, ok = w.series[key]
	}
	if !ok {
		found = &series{kind: key.Metric.Type}
		w.series[key] = found
	}
	return found
}
