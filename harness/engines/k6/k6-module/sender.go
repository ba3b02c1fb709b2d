package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
	"google.golang.org/protobuf/proto"
)

const (
	// Of a receiver that does not answer: k6 goes on meanwhile.
	patience = 5 * time.Second
	// Windows that may wait to be sent.
	waiting = 64
)

// sender posts windows one after the other, beside the load.
type sender struct {
	url     string
	client  *http.Client
	logger  logrus.FieldLogger
	pending chan window
	done    chan struct{}
}

func startSender(target string, logger logrus.FieldLogger) *sender {
	s := &sender{
		url: "http://" + target + "/v1/metrics",
		// No proxy of the environment's.
		client:  &http.Client{Timeout: patience, Transport: &http.Transport{}},
		logger:  logger,
		pending: make(chan window, waiting),
		done:    make(chan struct{}),
	}
	go s.run()
	return s
}

// send never waits: what finds no room is lost, and said to be.
func (s *sender) send(closed window) {
	select {
	case s.pending <- closed:
	default:
		s.lost(fmt.Errorf("%d windows wait already", waiting))
	}
}

func (s *sender) finish() {
	close(s.pending)
	<-s.done
}

func (s *sender) run() {
	defer close(s.done)
	for closed := range s.pending {
		if err := s.post(closed); err != nil {
			s.lost(err)
		}
	}
}

func (s *sender) post(closed window) error {
	body, err := proto.Marshal(closed.message())
	if err != nil {
		return err
	}
	response, err := s.client.Post(s.url, "application/x-protobuf", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// Read to its end, or the connection is not used again.
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", response.Status)
	}
	return nil
}

// lost is told as k6's own outputs tell it.
func (s *sender) lost(err error) {
	s.logger.Error("failed to upload metrics: ", err)
}
