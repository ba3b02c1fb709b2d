package main

import (
	"go.k6.io/k6/v2/metrics"
	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/metrics/v1"
)

const delta = otlp.AggregationTemporality_AGGREGATION_TEMPORALITY_DELTA

// message is the window as OTLP has it, under the names that the output `opentelemetry` gives: a rate comes as NAME.total in two halves.
// Each point's start is that of its earliest sample: of the first window that has any of the load it is when the load began.
func (w window) message() *collector.ExportMetricsServiceRequest {
	points := make([]*otlp.Metric, 0, len(w.series))
	for key, one := range w.series {
		points = append(points, metricOf(key, one, uint64(one.since.UnixNano()), uint64(w.to.UnixNano())))
	}
	return &collector.ExportMetricsServiceRequest{ResourceMetrics: []*otlp.ResourceMetrics{{
		ScopeMetrics: []*otlp.ScopeMetrics{{Metrics: points}},
	}}}
}

func metricOf(key metrics.TimeSeries, one *series, from, to uint64) *otlp.Metric {
	number := func(value float64, more ...*common.KeyValue) *otlp.NumberDataPoint {
		return &otlp.NumberDataPoint{
			StartTimeUnixNano: from,
			TimeUnixNano:      to,
			Attributes:        append(attributes(key.Tags), more...),
			Value:             &otlp.NumberDataPoint_AsDouble{AsDouble: value},
		}
	}
	sum := func(points ...*otlp.NumberDataPoint) *otlp.Metric_Sum {
		return &otlp.Metric_Sum{Sum: &otlp.Sum{AggregationTemporality: delta, DataPoints: points}}
	}
	metric := &otlp.Metric{Name: key.Metric.Name, Unit: unitOf(key.Metric.Contains)}
	switch one.kind {
	case metrics.Counter:
		metric.Data = sum(number(one.value))
	case metrics.Rate:
		metric.Name += ".total"
		metric.Data = sum(
			number(float64(one.zeros), attribute("condition", "zero")),
			number(float64(one.others), attribute("condition", "nonzero")),
		)
	case metrics.Gauge:
		points := []*otlp.NumberDataPoint{number(one.value)}
		metric.Data = &otlp.Metric_Gauge{Gauge: &otlp.Gauge{DataPoints: points}}
	case metrics.Trend:
		point := histogramPoint(&one.trend)
		point.StartTimeUnixNano, point.TimeUnixNano, point.Attributes = from, to, attributes(key.Tags)
		points := []*otlp.ExponentialHistogramDataPoint{point}
		metric.Data = &otlp.Metric_ExponentialHistogram{
			ExponentialHistogram: &otlp.ExponentialHistogram{AggregationTemporality: delta, DataPoints: points},
		}
	}
	return metric
}

func histogramPoint(trend *histogram) *otlp.ExponentialHistogramDataPoint {
	scale, offset, counts := trend.buckets()
	return &otlp.ExponentialHistogramDataPoint{
		Count:     trend.count,
		Sum:       &trend.sum,
		Min:       &trend.min,
		Max:       &trend.max,
		ZeroCount: trend.zeros,
		Scale:     int32(scale),
		Positive:  &otlp.ExponentialHistogramDataPoint_Buckets{Offset: int32(offset), BucketCounts: counts},
	}
}

func unitOf(contains metrics.ValueType) string {
	switch contains {
	case metrics.Time:
		return "ms"
	case metrics.Data:
		return "By"
	default:
		return ""
	}
}

func attributes(tags *metrics.TagSet) []*common.KeyValue {
	if tags == nil {
		return nil
	}
	var all []*common.KeyValue
	for key, value := range tags.Map() {
		if key != "" && value != "" {
			all = append(all, attribute(key, value))
		}
	}
	return all
}

func attribute(key, value string) *common.KeyValue {
	text := &common.AnyValue_StringValue{StringValue: value}
	return &common.KeyValue{Key: key, Value: &common.AnyValue{Value: text}}
}
