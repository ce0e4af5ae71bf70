# The two commands of the README are `make demo` and `make test`; both set up everything they need.
.PHONY: help packages build lint test fuzz demo chaos benchmark-engine benchmark-core benchmark-imaging benchmark-evaluation benchmark-augmentation benchmark-ranks benchmark-training down clean
.DEFAULT_GOAL := help
SHELL := /bin/bash

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20
	@echo
	@echo 'make demo STUDY=<DICOM folder or NIfTI file> [LABEL=<NIfTI file>] does it with your own CT.'

packages: ## Install the Debian packages that are missing
	@Scripts/install-packages

build: packages ## Build the command line, the five workers and the benchmarks
	@. Scripts/find-swift && swift build -c release

demo: build ## Train on phantoms, segment a study sent over AMQP, show its metrics
	@.build/release/columna demo $(if $(STUDY),--study "$(STUDY)") $(if $(LABEL),--label "$(LABEL)")

lint: packages ## Check the form of the sources and the order of imports
	@Scripts/lint

test: lint ## Run all tests on a private PostgreSQL and RabbitMQ (FILTER=<regular expression> for some)
	@Scripts/test $(if $(FILTER),--filter "$(FILTER)")

fuzz: packages ## Give a million hostile inputs to every reader under AddressSanitizer (OPTIONS='--target dicom' …)
	@Scripts/fuzz $(OPTIONS)

chaos: build ## Kill workers, broker and database under load; no job may be lost or done twice
	@Scripts/chaos

benchmark-engine: build ## Measure the job engine beside Celery on the same broker
	@Scripts/benchmark-engine

benchmark-core: build ## Measure the networks beside OpenVINO, ONNX Runtime and PyTorch (OPTIONS='--isa avx2' …)
	@Scripts/benchmark-core $(OPTIONS)

benchmark-imaging: build ## Measure imaging beside SimpleITK, dcm2niix and Orthanc (OPTIONS='--only resampling' …)
	@Scripts/benchmark-imaging $(OPTIONS)

benchmark-evaluation: build ## Measure metrics beside MONAI, SimpleITK and surface-distance (OPTIONS='--only metrics' …)
	@Scripts/benchmark-evaluation $(OPTIONS)

benchmark-augmentation: build ## Measure the augmentation of patches beside batchgeneratorsv2 (OPTIONS='--repeat 3' …)
	@Scripts/benchmark-augmentation $(OPTIONS)

benchmark-ranks: build ## Measure a training shared by two ranks beside one rank of two threads (OPTIONS='--rounds 3' …)
	@Scripts/benchmark-ranks $(OPTIONS)

benchmark-training: build ## Train beside MONAI's and nnU-Net's own trainers (OPTIONS='segresnet --seeds 5' …)
	@Scripts/benchmark-training $(OPTIONS)

down: ## End every process of the demo; its data are kept
	@if [ -x .build/release/columna ]; then .build/release/columna local down; fi

clean: down ## Remove what was built; data in .columna are kept
	@rm -rf .build
